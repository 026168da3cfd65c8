"""`yungong proposals`: courses worth holding, from what openings insist on and people lack."""

from typing import Annotated

import typer
from rich.table import Table

from services.cli import console, options
from services.cli.client import connected


def proposals(
    county: Annotated[str | None, typer.Option("--county", metavar="区划代码", help="只看这个县（州市、省）的人")] = None,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """建议开办的培训：哪些人只差一个证就合招聘岗位的要求。"""
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        asked = {"division_code": county} if county else {}
        found = client.get("/v1/proposals/courses", **asked)
        if as_json:
            console.say_json(found)
            return
        table = Table("证书", "只差它的人", "岗位", "招人")
        for one in found["items"]:
            table.add_row(one["certificate"], str(one["workers"]), str(one["openings"]), str(one["vacancies"]))
        console.out.print(table if found["items"] else "目前没有只差一个证的人。")
