"""`yungong openings WORKER`: which openings fit a person, and why."""

from typing import Annotated

import typer

from services.cli import console, explanation, options, progress, ranking, subjects
from services.cli.candidates import Limit
from services.cli.client import connected

Worker = Annotated[str, typer.Argument(metavar="WORKER", help="台账序号，或人员 id（w_…）")]
Explain = Annotated[
    str | None, typer.Option("--explain", metavar="POSTING", help="只说明这个岗位：岗位编号，或 id（p_…）；不在名单里的也说明")
]


def openings(
    worker: Worker,
    *,
    limit: Limit = 10,
    explain: Explain = None,
    data: options.Data = options.DATA,
    url: options.Url = None,
    wait: options.Wait = True,
    as_json: options.Json = False,
) -> None:
    """为一个人推荐合适的岗位，附理由和差距。"""
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        if wait and not progress.wait_until_searchable(client):
            console.err.print("[yellow]提醒[/] 还有变更没有进入检索，结果可能不全。")
        path = f"/v1/workers/{subjects.resolve(client, 'workers', worker)}/openings"
        if explain is not None:
            posting = subjects.resolve(client, "postings", explain)
            explanation.tell(client.get(f"{path}/{posting}/explanation"), as_json=as_json)
            return
        answer = client.get(path, limit=limit)
        if as_json:
            console.say_json(answer)
            return
        ranking.tell_worker(answer["worker"])
        ranking.tell_items(answer["items"], ranking.posting_line, nobody="没有符合条件的岗位。")
