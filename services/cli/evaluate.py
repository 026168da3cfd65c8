"""`yungong evaluate DIR`: how good the ranking is on a judged collection, beside plain BM25 with the same filters."""

import asyncio
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from services.cli import console, options
from services.cli.console import CannotContinue
from services.cli.evaluation import measures, searching
from services.cli.evaluation.collection import BadCollection, Collection, Judgments, read_collection
from services.cli.evaluation.readings import read_postings, tell_readings
from services.cli.evaluation.run import Backend, Direction, EvaluationFailed, Outcome, run
from services.kernel import logs

Folder = Annotated[
    Path,
    typer.Argument(
        exists=True,
        file_okay=False,
        metavar="DIR",
        help="含 postings.jsonl 和 workers.jsonl、qrels.txt、gold_facts.jsonl、gold_compliance.jsonl 等的目录",
    ),
]

_WORST: Final = 10
_TITLES: Final[dict[Direction, str]] = {"candidates": "为岗位找人", "openings": "为人找岗位"}


Chain = Annotated[
    Literal["embedded", "real"],
    typer.Option("--backend", help="embedded：临时目录；real：环境变量所指的、空的 PostgreSQL、Kafka、Elasticsearch"),
]


def evaluate(folder: Folder, *, backend: Chain = "embedded", as_json: options.Json = False) -> None:
    """用人工评判过的样本评价推荐质量（与单纯的 BM25 比较），以及对岗位文字的理解和合规检查。"""
    logs.configure("ERROR", "console")
    with console.failures_told(as_json=as_json):
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


def _grades(collection: Collection, direction: Direction) -> Judgments:
    return collection.grades if direction == "candidates" else collection.grades_by_worker


def _report(collection: Collection, outcome: Outcome) -> dict[str, Any]:
    report: dict[str, Any] = {}
    for direction in _TITLES:
        grades = _grades(collection, direction)
        ours, words = outcome.runs[direction, "parts"], outcome.runs[direction, "bm25"]
        report[direction] = {
            **measures.figures(grades, ours),
            "bm25": measures.figures(grades, words),
            "queries": len(measures.answerable(grades)),
            "p@5_possible": measures.possible_precision(grades),
            "ndcg@10_by_query": {query: round(value, 4) for query, value in measures.by_query(grades, ours).items()},
        }
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
    for direction, title in _TITLES.items():
        found = report[direction]
        table.add_row(f"{title}（{found['queries']} 个）", *_row(found))
        table.add_row("  单纯 BM25，同样的过滤", *_row(found["bm25"]), style="dim")
        table.add_row("  P@5 最高可能", "", f"{found['p@5_possible']:.3f}", "", style="dim")
    for name in collection.searches:
        table.add_row(f"检索 {name}（{report[name]['queries']} 条）", f"{report[name]['ndcg@10']:.3f}", "", "")
        table.add_row("  单纯 BM25，同样的过滤", f"{report[name]['bm25']['ndcg@10']:.3f}", "", "", style="dim")
    console.out.print(table)
    for direction, title in _TITLES.items():
        worst = sorted(report[direction]["ndcg@10_by_query"].items(), key=lambda pair: pair[1])[:_WORST]
        console.out.print(
            f"{title}最差的：" + escape("，".join(f"{query} {value:.2f}" for query, value in worst)), soft_wrap=True
        )
    for name in collection.searches:
        told = "；".join(f"{query} {value:.2f}" for query, value in searching.worst(report[name]))
        console.out.print(f"检索 {name} 最差的：" + escape(told), soft_wrap=True)


def _row(found: dict[str, Any]) -> tuple[str, ...]:
    return tuple(f"{found[name]:.3f}" for name in ("ndcg@10", "p@5", "recall@50"))
