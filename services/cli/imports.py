"""`yungong import workers|postings FILE`: a sheet in, every row accounted for."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
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


DryRun = Annotated[bool, typer.Option("--dry-run", help="先试算：只说会怎样，什么也不改；之后用 import confirm 确认")]
Template = Annotated[
    str | None, typer.Option("--template", metavar="区划代码", help="用这个县自己的表头叫法（见 import template）")
]


class Policy(StrEnum):
    """What a row does to a record that says something else; as in the interface."""

    NEWER_WINS = "newer_wins"
    FILL_EMPTY = "fill_empty"
    ASK = "ask"


@commands.command("workers")
def import_workers(
    file: Sheet,
    report: Report = None,
    *,
    dry_run: DryRun = False,
    policy: Annotated[
        Policy,
        typer.Option("--policy", help="和已有记录不同时：newer_wins 以表格为准，fill_empty 只补空白，ask 留待逐项决定"),
    ] = Policy.NEWER_WINS,
    template: Template = None,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """导入劳动力台账；重复导入同一份不会改变什么。"""
    how = _How(dry_run, policy, template)
    _import("workers", file, report, data, url, how=how, as_json=as_json)


@commands.command("postings")
def import_postings(
    file: Sheet,
    report: Report = None,
    *,
    dry_run: DryRun = False,
    template: Template = None,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """导入岗位需求表；重复导入同一份不会改变什么。"""
    how = _How(dry_run, Policy.NEWER_WINS, template)
    _import("postings", file, report, data, url, how=how, as_json=as_json)


@dataclass(frozen=True, slots=True)
class _How:
    """How a file is to be imported, as the interface's parameters."""

    dry_run: bool = False
    policy: Policy = Policy.NEWER_WINS
    template: str | None = None

    def parameters(self) -> dict[str, str]:
        said = {"dry_run": "true" if self.dry_run else "", "policy": self.policy.value, "template": self.template or ""}
        return {name: value for name, value in said.items() if value}


def _import(kind: Kind, file: Path, report: Path | None, data: Path, url: str | None, *, how: _How, as_json: bool) -> None:
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        done = take_in(client, kind, file, how.parameters())
        if report is not None:
            report.write_bytes(client.download(f"/v1/{kind}/imports/{done['id']}/report.xlsx"))
        if as_json:
            # Without --report it is the import's address: its JSON holds the report, /report.xlsx below it the sheet.
            where = str(report.absolute()) if report else f"{client.target.url}/v1/{kind}/imports/{done['id']}"
            console.say_json({name: done[name] for name in ("accepted", "warned", "rejected")} | {"report": where})
            return
        tell(kind, done)
        if report is not None:
            console.out.print(f"退回的行和原因已存到 {escape(str(report))}", soft_wrap=True)


def take_in(client: Client, kind: Kind, file: Path, parameters: Mapping[str, str] | None = None) -> Import:
    """Upload a file and wait, with a progress bar, until its import is done. Raises CannotContinue when it is refused."""
    started = client.post_file(f"/v1/{kind}/imports", file, **(parameters or {}))
    return watch(client, kind, started["id"], file.name)


def watch(client: Client, kind: Kind, import_id: str, name: str) -> Import:
    """Wait, with a progress bar, until an import is done. Raises CannotContinue when it is refused."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console.err
    )
    with bar:
        task = bar.add_task(f"导入 {escape(name)}", total=None)
        while (now := client.get(f"/v1/{kind}/imports/{import_id}"))["state"] in _UNFINISHED:
            bar.update(task, total=now["rows_total"], completed=now["rows_done"])
            time.sleep(_EVERY_S)
        bar.update(task, total=now["rows_done"], completed=now["rows_done"])
    if now["state"] == "refused":
        raise console.CannotContinue(f"{name} 无法导入：{now['refusal']['detail']}")
    return now


def tell(kind: Kind, done: Import) -> None:
    """Say how an import went."""
    unit = "人" if kind == "workers" else "个岗位"
    if done["dry_run"]:
        console.out.print(
            f"[bold]试算，没有改动任何记录。[/]会新增 {done['created']}、更改 {done['changed']}、不变 {done['unchanged']}。"
            f"确认导入：yungong import confirm {kind} {done['id']}",
            soft_wrap=True,
        )
    console.out.print(
        f"接收 [green]{done['accepted']}[/] {unit}（其中 {done['warned']} 条有提醒），"
        f"退回 [{'red' if done['rejected'] else 'green'}]{done['rejected']}[/] 行。"
    )
    if opened := done["differences"].get("open"):
        console.out.print(f"有 {opened} 处与已有记录不同，等您决定：yungong import differences {done['id']}", soft_wrap=True)
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
