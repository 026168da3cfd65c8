"""`yungong evaluate DIR`: how good the ranking is on a judged collection, beside plain BM25 with the same filters."""

import asyncio
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from services.cli import console, options
from services.cli.client import Client, Refused, connected
from services.cli.console import CannotContinue
from services.cli.evaluation import outcomes, ranking_report, searching
from services.cli.evaluation.collection import BadCollection, Collection, read_collection
from services.cli.evaluation.readings import read_postings, tell_readings
from services.cli.evaluation.run import Backend, EvaluationFailed, Outcome, run
from services.kernel import logs

Folder = Annotated[
    Path | None,
    typer.Argument(
        exists=True,
        file_okay=False,
        metavar="DIR",
        help="含 postings.jsonl 和 workers.jsonl、qrels.txt、gold_facts.jsonl、gold_compliance.jsonl 等的目录",
    ),
]

Chain = Annotated[
    Literal["embedded", "real"],
    typer.Option("--backend", help="embedded：临时目录；real：环境变量所指的、空的 PostgreSQL、Kafka、Elasticsearch"),
]


Outcomes = Annotated[
    Path | None,
    typer.Option("--from-outcomes", exists=True, dir_okay=False, help="推荐结果（一行一个 JSON）：用真实的去留评价现在的排序"),
]


def evaluate(
    folder: Folder = None,
    *,
    backend: Chain = "embedded",
    from_outcomes: Outcomes = None,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """用人工评判过的样本评价推荐质量（与单纯的 BM25 比较），以及对岗位文字的理解和合规检查。"""
    logs.configure("ERROR", "console")
    with console.failures_told(as_json=as_json):
        if from_outcomes is not None:
            _by_outcomes(from_outcomes, url, data, as_json=as_json)
        elif folder is None:
            raise CannotContinue("请指明样本的目录，或用 --from-outcomes 指明推荐结果的文件。")
        else:
            _on_collection(folder, backend, as_json=as_json)


def _by_outcomes(file: Path, url: str | None, data: Path, *, as_json: bool) -> None:
    """How the lists of a running server would have served the referrals of a file."""
    try:
        told = outcomes.read(file)
    except BadCollection as failed:
        raise CannotContinue(str(failed)) from failed
    with connected(url, data) as client:
        report = outcomes.report(told, lambda posting: _listed(client, posting))
    if as_json:
        console.say_json(report)
        return
    outcomes.tell(report)


def _listed(client: Client, posting: str) -> list[str]:
    try:
        answer = client.get(f"/v1/postings/{posting}/candidates", limit=100)
    except Refused as refused:
        if refused.document.get("code") == "not_found":  # gone since: nobody would be referred to it now
            return []
        raise
    return [str(item["worker_id"]) for item in answer["items"]]


def _on_collection(folder: Path, backend: Backend, *, as_json: bool) -> None:
    try:
        collection = read_collection(folder)
        report = _report(collection, _run(collection, backend)) if collection.grades or collection.searches else {}
        report |= read_postings(folder, collection)
    except (BadCollection, EvaluationFailed) as failed:
        raise CannotContinue(str(failed)) from failed
    if as_json:
        console.say_json(report)
        return
    if collection.grades or collection.searches:
        _tell(collection, report)
    tell_readings(report)


def _run(collection: Collection, backend: Backend) -> Outcome:
    with Progress(console=console.err, transient=True) as bar:
        task = bar.add_task("导入", total=None)
        return asyncio.run(
            run(
                collection,
                lambda what, done, total: bar.update(task, description=what, completed=done, total=total),
                backend,
            )
        )


def _report(collection: Collection, outcome: Outcome) -> dict[str, Any]:
    report = ranking_report.report(collection, outcome)
    report["imported"] = {
        kind: {"accepted": taken.accepted, "rejected": taken.rejected} for kind, taken in outcome.taken.items()
    }
    for name, searches in collection.searches.items():
        report[name] = searching.report(searches, outcome.searches[name])
    report["versions"] = dict(outcome.versions)
    return report


def _tell(collection: Collection, report: dict[str, Any]) -> None:
    for kind, counted in report["imported"].items():
        if counted["rejected"]:
            console.err.print(f"[yellow]提醒[/] {kind} 有 {counted['rejected']} 条没有通过导入检查，不在排序之中。")
    table = Table(
        "",
        "nDCG@10",
        "P@5",
        "recall@50",
        title=f"{collection.today} 的样本：{len(collection.workers)} 人，{len(collection.postings)} 个岗位",
    )
    for direction, title in ranking_report.TITLES.items():
        found = report[direction]
        table.add_row(f"{title}（{found['queries']} 个）", *_row(found))
        table.add_row("  单纯 BM25，同样的过滤", *_row(found["bm25"]), style="dim")
        table.add_row("  P@5 最高可能", "", f"{found['p@5_possible']:.3f}", "", style="dim")
    for name in collection.searches:
        table.add_row(f"检索 {name}（{report[name]['queries']} 条）", f"{report[name]['ndcg@10']:.3f}", "", "")
        table.add_row("  单纯 BM25，同样的过滤", f"{report[name]['bm25']['ndcg@10']:.3f}", "", "", style="dim")
    console.out.print(table)
    ranking_report.tell(report)
    for name in collection.searches:
        told = "；".join(f"{query} {value:.2f}" for query, value in searching.worst(report[name]))
        console.out.print(f"检索 {name} 最差的：" + escape(told), soft_wrap=True)


def _row(found: dict[str, Any]) -> tuple[str, ...]:
    return tuple(f"{found[name]:.3f}" for name in ("ndcg@10", "p@5", "recall@50"))
