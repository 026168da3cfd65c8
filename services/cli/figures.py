"""`yungong statistics` and `yungong quality`: the register counted as it stood on a day, and what it lacks."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from services.cli import console, options
from services.cli.client import Answer, connected

County = Annotated[str | None, typer.Option("--county", metavar="区划代码", help="只看这个县，按乡镇")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="2026-11-01", help="截至这一天；不填是今天")]
By = Annotated[
    str,
    typer.Option(
        "--by",
        help="分类，用逗号隔开：prefecture county township category status willingness destination freshness education sex "
        "ethnicity age",
    ),
]
Sheet = Annotated[Path | None, typer.Option("--xlsx", dir_okay=False, writable=True, metavar="FILE.xlsx", help="存成表格")]


def statistics(
    by: By = "county,category",
    as_of: AsOf = None,
    county: County = None,
    *,
    xlsx: Sheet = None,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """统计：截至某一天的登记人数，按县、户类型、状态、意愿、意向新鲜度等。"""
    asked = {name: value for name, value in (("as_of", as_of), ("county_code", county)) if value is not None}
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        if xlsx is not None:
            content = client.download("/v1/workers/statistics.xlsx", **asked)
            xlsx.write_bytes(content)
            told = {"file": str(xlsx.absolute()), "bytes": len(content)}
            console.say_json(told) if as_json else console.out.print(f"已存到 {escape(str(xlsx))}", soft_wrap=True)
            return
        dimensions = [name.strip() for name in by.split(",")]
        answer = client.get("/v1/workers/statistics", by=dimensions, **asked)
        console.say_json(answer) if as_json else console.out.print(_counts(answer))


def quality(
    county: County = None,
    *,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """数据质量：各县（或一个县各乡镇）的平均分，补什么最有用。"""
    asked = {"county_code": county} if county else {}
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        answer = client.get("/v1/workers/quality", **asked)
        console.say_json(answer) if as_json else console.out.print(_places(answer))


def _counts(answer: Answer) -> Table:
    table = Table(*answer["headings"], "人数", caption=f"截至 {answer['as_of']}，共 {answer['total']} 人")
    for cell in answer["cells"]:
        table.add_row(*map(escape, cell["labels"]), str(cell["workers"]))
    return table


def _places(answer: Answer) -> Table:
    table = Table("县", "乡镇", "人数", "平均分", "意向过期", "最该补的")
    for place in answer["items"]:
        lacking = "、".join(f"{one['label']} {one['workers']} 人" for one in place["missing"][:4])
        told = (place["county_name"], place["township"] or "")
        table.add_row(*map(escape, told), str(place["workers"]), str(place["score"]), str(place["stale"]), escape(lacking))
    return table
