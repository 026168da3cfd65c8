"""What `yungong evaluate` says of the ranking, beyond the figures themselves: is it better than words alone, where it is worst
and why, whom it favours, whether it ever breaks a limit."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from services.cli import console
from services.cli.evaluation import bounds, fairness, measures, significance
from services.cli.evaluation.collection import Collection, Judgments
from services.cli.evaluation.run import Direction, Outcome

TITLES: Final[dict[Direction, str]] = {"candidates": "为岗位找人", "openings": "为人找岗位"}
WORST: Final = 10
_ATTRIBUTES: Final = {"sex": "性别", "ethnicity": "民族", "county": "县"}


def grades_of(collection: Collection, direction: Direction) -> Judgments:
    """The judgments as the direction's queries see them."""
    return collection.grades if direction == "candidates" else collection.grades_by_worker


def report(collection: Collection, outcome: Outcome) -> dict[str, Any]:
    """Both directions, violations and fairness."""
    found: dict[str, Any] = {}
    for direction in TITLES:
        grades = grades_of(collection, direction)
        ours, words = outcome.runs[direction, "parts"], outcome.runs[direction, "bm25"]
        found[direction] = {
            **measures.figures(grades, ours),
            "bm25": measures.figures(grades, words),
            "queries": len(measures.answerable(grades)),
            "p@5_possible": measures.possible_precision(grades),
            **_compared(measures.by_query(grades, ours), measures.by_query(grades, words)),
            "worst": [dict(one) for one in outcome.worst.get(direction, ())],
        }
    candidates, openings = outcome.runs["candidates", "parts"], outcome.runs["openings", "parts"]
    found["violations"] = bounds.violations(collection, candidates, openings)
    found["fairness"] = fairness.report(collection.workers, collection.grades, candidates, outcome.runs["candidates", "bm25"])
    return found


def _compared(ours: Mapping[str, float], words: Mapping[str, float]) -> dict[str, Any]:
    means = [_mean([ours[query] for query in fold]) for fold in significance.folds(list(ours)) if fold]
    mean, yardstick = _mean(list(ours.values())), _mean(list(words.values()))
    return {
        "over_bm25": round(mean / yardstick, 3) if yardstick else None,
        "p_value": round(significance.p_value(ours, words), 5),
        "ndcg@10_by_fold": [round(value, 4) for value in means],
        "ndcg@10_by_query": {query: round(value, 4) for query, value in ours.items()},
    }


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def tell(found: Mapping[str, Any]) -> None:
    """For people, below the table of figures."""
    for direction, title in TITLES.items():
        told = found[direction]
        folds = "、".join(f"{value:.3f}" for value in told["ndcg@10_by_fold"])
        console.out.print(
            f"{title}：是 BM25 的 {told['over_bm25'] or 0:.2f} 倍（配对置换检验 p={told['p_value']:.4f}）；五折 {folds}"
        )
    console.out.print(
        f"违反硬性条件：{len(found['violations'])} 处" + escape("".join(f"\n  {one}" for one in found["violations"]))
    )
    _tell_fairness(found["fairness"])
    for direction, title in TITLES.items():
        _tell_worst(title, found[direction]["worst"])


def _tell_fairness(found: Mapping[str, Mapping[str, Mapping[str, float]]]) -> None:
    title = "对各类人的影响（登记一侧统计，排序不读取）"
    table = Table("", "NDKL", "BM25", "评判的次序", "入前十比", "BM25", "评判的次序", title=title)
    for attribute, sides in found.items():
        row = [sides[side][key] for key in ("ndkl", f"selection_ratio@{fairness.TOP}") for side in ("ours", "bm25", "judges")]
        table.add_row(_ATTRIBUTES[attribute], *(f"{value:.3f}" for value in row))
    console.out.print(table)


def _tell_worst(title: str, worst: Sequence[Mapping[str, Any]]) -> None:
    table = Table("", "nDCG@10", "应在前面的", "评判", "名次", "排序的说法", title=f"{title}最差的")
    for one in worst:
        for place, miss in enumerate(one["misses"]):
            head = (one["query"], f"{one['ndcg@10']:.2f}") if place == 0 else ("", "")
            rank = str(miss["rank"] or "—")
            table.add_row(*head, miss["document"], str(miss["grade"]), rank, escape("；".join(miss["why"])))
    console.out.print(table)
