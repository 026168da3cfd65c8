"""`yungong import workers|postings FILE`: a sheet in, every row accounted for."""

import time
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from services.cli import console, options
from services.cli.client import Client, connected

Kind = Literal["workers", "postings"]
Import = dict[str, Any]

_EVERY_S: Final = 0.3
_FINDINGS_SHOWN: Final = 30
_UNFINISHED: Final = ("waiting", "running")

Sheet = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE", help="表格：.xlsx、.xls 或 .csv")
]

commands = typer.Typer(help="导入劳动力台账或岗位需求表（Excel 或 CSV）。", no_args_is_help=True)


Report = Annotated[
    Path | None, typer.Option("--report", dir_okay=False, writable=True, metavar="FILE.xlsx", help="把退回的行连同原因存成表格")
]


@commands.command("workers")
def import_workers(
    file: Sheet,
    report: Report = None,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """导入劳动力台账；重复导入同一份不会改变什么。"""
    _import("workers", file, report, data, url, as_json=as_json)


@commands.command("postings")
def import_postings(
    file: Sheet,
    report: Report = None,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """导入岗位需求表；重复导入同一份不会改变什么。"""
    _import("postings", file, report, data, url, as_json=as_json)


def _import(kind: Kind, file: Path, report: Path | None, data: Path, url: str | None, *, as_json: bool) -> None:
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        done = take_in(client, kind, file)
        if report is not None:
            report.write_bytes(client.download(f"/v1/{kind}/imports/{done['id']}/report.xlsx"))
        if as_json:
            # Without --report it is the import's address: its JSON holds the report, /report.xlsx below it the sheet.
            where = str(report.absolute()) if report else f"{client.target.url}/v1/{kind}/imports/{done['id']}"
            console.say_json({name: done[name] for name in ("accepted", "warned", "rejected")} | {"report": where})
            return
        _tell(kind, done)
        if report is not None:
            console.out.print(f"退回的行和原因已存到 {escape(str(report))}", soft_wrap=True)


def take_in(client: Client, kind: Kind, file: Path) -> Import:
    """Upload a file and wait, with a progress bar, until its import is done. Raises CannotContinue when it is refused."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console.err
    )
    with bar:
        task = bar.add_task(f"导入 {escape(file.name)}", total=None)
        started = client.post_file(f"/v1/{kind}/imports", file)
        while (now := client.get(f"/v1/{kind}/imports/{started['id']}"))["state"] in _UNFINISHED:
            bar.update(task, total=now["rows_total"], completed=now["rows_done"])
            time.sleep(_EVERY_S)
        bar.update(task, total=now["rows_done"], completed=now["rows_done"])
    if now["state"] == "refused":
        raise console.CannotContinue(f"{file.name} 无法导入：{now['refusal']['detail']}")
    return now


def _tell(kind: Kind, done: Import) -> None:
    unit = "人" if kind == "workers" else "个岗位"
    console.out.print(
        f"接收 [green]{done['accepted']}[/] {unit}（其中 {done['warned']} 条有提醒），"
        f"退回 [{'red' if done['rejected'] else 'green'}]{done['rejected']}[/] 行。"
    )
    told = done["report"]
    if told["other_sheets"]:
        others = "、".join(told["other_sheets"])
        console.out.print(f"只读了工作表“{escape(told['sheet'])}”；没有读：{escape(others)}", soft_wrap=True)
    if told["unknown_headings"]:
        console.out.print(f"没有用到的列：{escape('、'.join(told['unknown_headings']))}", soft_wrap=True)
    if told["notes"]:
        console.out.print(f"自动整理：{escape('；'.join(_note(note) for note in told['notes']))}", soft_wrap=True)
    if told["findings"]:
        console.out.print(_findings(told["findings"], told["findings_total"]))


def _note(note: dict[str, Any]) -> str:
    return f"{note['column']} {note['text']} {note['count']} 处"


def _findings(findings: list[dict[str, Any]], total: int) -> Table:
    table = Table("行", "", "列", "内容", "原因")
    for finding in findings[:_FINDINGS_SHOWN]:
        mark = "[red]退回[/]" if finding["severity"] == "rejected" else "[yellow]提醒[/]"
        cells = (escape(finding[name]) for name in ("column", "value", "reason"))
        table.add_row(str(finding["row"]), mark, *cells)
    if total > _FINDINGS_SHOWN:
        table.caption = f"还有 {total - _FINDINGS_SHOWN} 条，见退回表（--report 文件名.xlsx）"
    return table
