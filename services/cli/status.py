"""`yungong status`: how much there is, how much of it is searchable, and what is under way."""

from rich.table import Table

from services.cli import console, options, progress
from services.cli.client import connected

HOPS = {
    "workers_outbox": "劳动力：已登记，待发出",
    "postings_outbox": "岗位：已登记，待发出",
    "workers_index": "劳动力：已发出，待编入检索",
    "postings_index": "岗位：已发出，待编入检索",
}


def status(data: options.Data = options.DATA, url: options.Url = None, as_json: options.Json = False) -> None:
    """查看数量、检索进度和版本。"""
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        answer = progress.status(client)
        if as_json:
            console.say_json(answer)
            return
        console.out.print(f"服务器 {client.target.url}")
        console.out.print(_counts(answer))
        console.out.print(_lag(answer["lag"]))
        for name, version in answer["versions"].items():
            console.out.print(f"{name} [dim]{version}[/]")


def _counts(answer: progress.Status) -> Table:
    table = Table("", "登记", "可检索")
    for name, title in (("workers", "劳动力"), ("postings", "岗位")):
        table.add_row(title, str(answer[name]), str(answer["indexed"][name]))
    return table


def _lag(lag: dict[str, int]) -> Table:
    table = Table("环节", "未处理的变更")
    for hop, behind in lag.items():
        table.add_row(HOPS.get(hop, hop), f"[yellow]{behind}[/]" if behind else "0")
    return table
