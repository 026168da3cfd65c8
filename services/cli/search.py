"""`yungong search workers|postings "…"`: free text as staff type it; says what was understood and what was left aside."""

from typing import Annotated, Any, Final, Literal

import typer
from rich.markup import escape
from rich.table import Table

from services.cli import console, options, progress, ranking
from services.cli.client import Answer, connected

commands: Final = typer.Typer(no_args_is_help=True, help="按文字检索劳动力或岗位，并说明是怎样理解的。")

Words = Annotated[str, typer.Argument(metavar="TEXT", help="例如：四十岁以下 有电工证 想去佛山")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=100, help="最多几条")]
Cursor = Annotated[str | None, typer.Option("--cursor", help="上一页给出的翻页标记")]
Facets = Annotated[list[str] | None, typer.Option("--facet", help="按什么统计，可以重复：county、occupation、freshness …")]
Sort = Annotated[str, typer.Option("--sort", help="排序：relevance、pay、age、confirmed …")]


@commands.command("workers")
def workers(
    text: Words,
    *,
    limit: Limit = 10,
    cursor: Cursor = None,
    facet: Facets = None,
    sort: Sort = "relevance",
    data: options.Data = options.DATA,
    url: options.Url = None,
    wait: options.Wait = True,
    as_json: options.Json = False,
) -> None:
    """检索劳动力。"""
    asked = {"q": text, "limit": limit, "cursor": cursor, "facets": facet or [], "sort": sort}
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        _wait(progress.wait_until_searchable(client) if wait else True)
        _tell(client.send("POST", "/v1/search/workers", asked), "workers", as_json=as_json)


@commands.command("postings")
def postings(
    text: Words,
    *,
    limit: Limit = 10,
    cursor: Cursor = None,
    facet: Facets = None,
    sort: Sort = "relevance",
    data: options.Data = options.DATA,
    url: options.Url = None,
    wait: options.Wait = True,
    as_json: options.Json = False,
) -> None:
    """检索岗位。"""
    asked = {"q": text, "limit": limit, "cursor": cursor, "facets": facet or [], "sort": sort}
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        _wait(progress.wait_until_searchable(client) if wait else True)
        _tell(client.send("POST", "/v1/search/postings", asked), "postings", as_json=as_json)


def _wait(ready: bool) -> None:
    if not ready:
        console.err.print("[yellow]提醒[/] 还有变更没有进入检索，结果可能不全。")


def _tell(answer: Answer, over: Literal["workers", "postings"], *, as_json: bool) -> None:
    if as_json:
        console.say_json(answer)
        return
    _tell_understood(answer["understood"])
    found = f"找到 {answer['total']} {'人' if over == 'workers' else '个岗位'}"
    console.out.print(found if over == "workers" else f"{found}，共招 {answer['vacancies']} 人")
    console.out.print(_people(answer["items"]) if over == "workers" else _openings(answer["items"]))
    for name, counts in answer["facets"].items():
        told = "，".join(f"{count['label']} {count['count']}" for count in counts)
        console.out.print(f"[dim]{name}[/] {escape(told)}", soft_wrap=True)
    if answer["next_cursor"]:
        console.out.print(f"[dim]还有更多：--cursor {answer['next_cursor']}[/]", soft_wrap=True)


def _tell_understood(understood: dict[str, Any]) -> None:
    concepts = [f"{concept['label']}{'（必须）' if concept['use'] == 'filter' else ''}" for concept in understood["concepts"]]
    if concepts:
        console.out.print(f"[green]理解为[/] {escape('；'.join(concepts))}", soft_wrap=True)
    if understood["met"] < understood["asked"]:
        console.out.print(f"[yellow]提醒[/] 全部符合的太少，放宽到至少符合 {understood['met']}/{understood['asked']} 项。")
    if understood["ignored"]:
        told = "；".join(f"“{one['text']}”（{one['reason']}）" for one in understood["ignored"])
        console.out.print(f"[dim]没有用到 {escape(told)}[/]", soft_wrap=True)


def _people(items: list[dict[str, Any]]) -> Table:
    table = Table("序号", "姓名", "年龄", "家在", "想做", "想去", "期望月薪", "证书")
    for item in items:
        one = item["summary"]
        said = (
            one["number"],
            one["masked_name"],
            str(one["age"]),
            one["county"],
            one["intention_occupations"],
            one["intention_places"],
            one["intention_pay"],
            one["certificates"],
        )
        table.add_row(*map(escape, said))
    return table


def _openings(items: list[dict[str, Any]]) -> Table:
    table = Table("编号", "岗位", "用人单位", "地点", "月薪", "人数", "有效期至")
    for item in items:
        one = item["summary"]
        said = (one["number"], one["title"], one["employer_name"], one["place"], ranking.pay(one), str(one["headcount"]))
        table.add_row(*map(escape, said), one["valid_until"] or "")
    return table
