"""The reports on reading postings, as far as a collection has judgments of it, and their tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from services.cli import console
from services.cli.evaluation.collection import Collection
from services.cli.evaluation.gold import judged_facts, judged_notices
from services.cli.evaluation.reading import compliance_report, facts_report

_FIGURES: Final = ("precision", "recall", "f1")
_COUNTS: Final = ("right", "wrong", "missed")


def read_postings(folder: Path, collection: Collection) -> dict[str, Any]:
    """`facts` and `compliance`, each where it was judged. Raises BadCollection."""
    report: dict[str, Any] = {}
    if facts := judged_facts(folder, collection.postings):
        report["facts"] = facts_report(facts, collection.today)
    if notices := judged_notices(folder, collection.postings):
        report["compliance"] = compliance_report(notices, collection.today)
    return report


def tell_readings(report: Mapping[str, Any]) -> None:
    """Both as tables."""
    if facts := report.get("facts"):
        console.out.print(_table(f"岗位文字的理解：{facts['postings']} 个岗位", facts["keys"], facts["micro"]))
    if found := report.get("compliance"):
        console.out.print(_table(f"合规检查：{found['postings']} 个岗位", found["categories"], found["micro"]))
        recall = "–" if found["blocks_recall"] is None else f"{found['blocks_recall']:.3f}"
        console.out.print(
            f"应当阻止的 {found['blocks_judged']} 处，召回 {recall}；没有问题的 {found['clean']} 个岗位里，"
            f"误阻止 {found['clean_with_false_blocks']} 个"
        )


def _table(title: str, rows: Mapping[str, Mapping[str, Any]], micro: Mapping[str, Any]) -> Table:
    table = Table("", "精确率", "召回率", "F1", "对", "错", "漏", title=title)
    for name, figures in rows.items():
        table.add_row(name, *_row(figures))
    table.add_section()
    table.add_row("微平均", *_row(micro))
    return table


def _row(figures: Mapping[str, Any]) -> tuple[str, ...]:
    shown = ("–" if figures[name] is None else f"{figures[name]:.3f}" for name in _FIGURES)
    return (*shown, *(str(figures[name]) for name in _COUNTS))
