"""`yungong followups due|overdue|stale`: who is to be contacted, what is late, whose intentions are old."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from services.cli import console, options
from services.cli.client import Client, connected
from services.contracts.purposes import SAID, Purpose

_PURPOSES: Final = "；".join(f"{purpose} {said}" for purpose, said in SAID.items())
_PAGE: Final = 200

On = Annotated[str | None, typer.Option("--on", metavar="2026-11-01", help="到这一天为止；不填是今天")]
County = Annotated[str | None, typer.Option("--county", metavar="区划代码", help="只看这个县")]
Township = Annotated[str | None, typer.Option("--township", metavar="乡镇", help="只看这个乡镇")]
Cadre = Annotated[str | None, typer.Option("--cadre", metavar="ID", help="只看这位责任人（c_…）负责的人")]
Days = Annotated[int, typer.Option("--days", min=1, max=3650, help="意向超过多少天算过期")]
Sheet = Annotated[Path | None, typer.Option("--xlsx", dir_okay=False, writable=True, metavar="FILE.xlsx", help="存成表格")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="最多几人")]
ForWhat = Annotated[Purpose, typer.Option("--purpose", help=f"存成表格时的用途，随审计记录保存：{_PURPOSES}")]

commands = typer.Typer(help="跟踪回访：待联系名单、逾期报告、意向过期报告。", no_args_is_help=True)


@commands.command("due")
def due(
    on: On = None,
    county: County = None,
    township: Township = None,
    cadre: Cadre = None,
    *,
    days: Days = 180,
    limit: Limit = 50,
    xlsx: Sheet = None,
    purpose: ForWhat = Purpose.CONTACT_WORKER,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """待联系名单：约定到期、登记后未联系、意向过期、证书到期的人；处理了就自动从名单里消失。"""
    asked = _asked(on=on, county_code=county, township=township, cadre_id=cadre, stale_days=days)
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        if xlsx is not None:
            size = client.save("/v1/followups/worksheets", asked | {"purpose": str(purpose)}, xlsx)
            _saved(xlsx, size, as_json=as_json, clear=True)
            return
        items = _tasks(client, asked, limit)
        if as_json:
            console.say_json({"items": items})
        elif items:
            console.out.print(_task_table(items))
        else:
            console.out.print("没有到期要联系的人。")


@commands.command("overdue")
def overdue(
    on: On = None,
    county: County = None,
    township: Township = None,
    cadre: Cadre = None,
    *,
    xlsx: Sheet = None,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """逾期报告：约定的联系过了期的人数，按乡镇和责任人。"""
    asked = _asked(on=on, county_code=county, township=township, cadre_id=cadre)
    columns = {
        "county_name": "县",
        "township": "乡镇",
        "cadre_name": "责任人",
        "overdue": "逾期",
        "up_to_a_week": "一周内",
        "up_to_a_month": "一月内",
        "longer": "一月以上",
        "oldest_due_on": "最早应联系",
    }
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        _report(client, "overdue", asked, columns, xlsx, as_json=as_json)


@commands.command("stale")
def stale(
    on: On = None,
    county: County = None,
    township: Township = None,
    cadre: Cadre = None,
    *,
    days: Days = 180,
    xlsx: Sheet = None,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """意向过期报告：多少人的就业意向太久没有确认，按乡镇和责任人。"""
    asked = _asked(on=on, county_code=county, township=township, cadre_id=cadre, stale_days=days)
    columns = {
        "county_name": "县",
        "township": "乡镇",
        "cadre_name": "责任人",
        "workers": "登记",
        "stale": "意向过期",
        "never_asked": "从未登记",
        "oldest_confirmed_on": "最早一次确认",
    }
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        _report(client, "stale", asked, columns, xlsx, as_json=as_json)


def _asked(**options_given: str | int | None) -> dict[str, str | int]:
    return {name: value for name, value in options_given.items() if value is not None}


def _tasks(client: Client, asked: Mapping[str, str | int], limit: int) -> Sequence[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while len(items) < limit:
        page = client.get("/v1/followups/tasks", **asked, limit=min(_PAGE, limit - len(items)), **cursor)
        items += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    return items


def _task_table(items: Sequence[dict[str, Any]]) -> Table:
    table = Table("姓名", "电话", "县", "乡镇", "状态", "约定", "为什么", "id")
    for item in items:
        worker = item["worker"]
        told = (worker["name"], worker["phone"], worker["county_name"], worker["township"], item["status_name"])
        reasons = "；".join(reason["detail"] for reason in item["reasons"])
        table.add_row(*map(escape, told), item["next_on"] or "", escape(reasons), f"[dim]{worker['id']}[/]")
    return table


def _report(
    client: Client,
    name: str,
    asked: Mapping[str, str | int],
    columns: Mapping[str, str],
    xlsx: Path | None,
    *,
    as_json: bool,
) -> None:
    if xlsx is not None:
        content = client.download(f"/v1/followups/{name}.xlsx", **asked)
        xlsx.write_bytes(content)
        _saved(xlsx, len(content), as_json=as_json)
        return
    report = client.get(f"/v1/followups/{name}", **asked)
    if as_json:
        console.say_json(report)
        return
    table = Table(*columns.values(), caption=f"{report['on']}，共 {report['total']} 人")
    for row in report["items"]:
        table.add_row(*(escape(str(row[column] if row[column] is not None else "")) for column in columns))
    console.out.print(table)


def _saved(file: Path, size: int, *, as_json: bool, clear: bool = False) -> None:
    if as_json:
        console.say_json({"file": str(file.absolute()), "bytes": size})
        return
    care = "内含姓名和电话明文，请妥善保管，用完删除。" if clear else ""
    console.out.print(f"已存到 {escape(str(file))}（{size} 字节）。{care}", soft_wrap=True)
