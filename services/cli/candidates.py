"""`yungong candidates POSTING`: who fits an opening, and why."""

from typing import Annotated

import typer

from services.cli import console, explanation, options, progress, ranking, subjects
from services.cli.client import connected

Posting = Annotated[str, typer.Argument(metavar="POSTING", help="岗位编号，或岗位 id（p_…）")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=100, help="最多几人")]
Explain = Annotated[
    str | None, typer.Option("--explain", metavar="WORKER", help="只说明这个人：序号，或 id（w_…）；不在名单里的也说明")
]


def candidates(
    posting: Posting,
    *,
    limit: Limit = 10,
    explain: Explain = None,
    data: options.Data = options.DATA,
    url: options.Url = None,
    wait: options.Wait = True,
    as_json: options.Json = False,
) -> None:
    """为一个岗位推荐合适的人，附理由和差距。"""
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        if wait and not progress.wait_until_searchable(client):
            console.err.print("[yellow]提醒[/] 还有变更没有进入检索，结果可能不全。")
        path = f"/v1/postings/{subjects.resolve(client, 'postings', posting)}/candidates"
        if explain is not None:
            worker = subjects.resolve(client, "workers", explain)
            explanation.tell(client.get(f"{path}/{worker}/explanation"), as_json=as_json)
            return
        answer = client.get(path, limit=limit)
        if as_json:
            console.say_json(answer)
            return
        ranking.tell_posting(answer["posting"])
        ranking.tell_items(answer["items"], ranking.worker_line, nobody="没有符合条件的人。")
