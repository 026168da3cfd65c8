"""The figures, by ir-measures: nDCG@10 (gains 2^grade − 1), precision@5 (grade 2 or better), recall@50 (grade 1 or better)."""

from collections.abc import Mapping
from typing import Final

import ir_measures
from ir_measures import P, R, nDCG

from services.cli.evaluation.collection import GRADES, Judgments

Run = Mapping[str, Mapping[str, float]]
"""Query -> document -> score; higher is better."""
Figures = dict[str, float]

_NDCG: Final = nDCG(gains={grade: 2**grade - 1 for grade in GRADES.values()}) @ 10
_MEASURES: Final = {"ndcg@10": _NDCG, "p@5": P(rel=2) @ 5, "recall@50": R @ 50}


def answerable(grades: Judgments) -> Judgments:
    """The queries with any document above 0: for the others no ranking is better than another."""
    return {query: dict(documents) for query, documents in grades.items() if any(documents.values())}


def figures(grades: Judgments, run: Run) -> Figures:
    """The mean of each measure over the answerable queries; a query without a list counts 0."""
    queries = answerable(grades)
    if not queries:
        return dict.fromkeys(_MEASURES, 0.0)
    found = ir_measures.calc_aggregate(_MEASURES.values(), queries, _whole(queries, run))
    return {name: round(float(found[measure]), 4) for name, measure in _MEASURES.items()}


def by_query(grades: Judgments, run: Run) -> Mapping[str, float]:
    """nDCG@10 of each answerable query."""
    queries = answerable(grades)
    return {metric.query_id: metric.value for metric in ir_measures.iter_calc([_NDCG], queries, _whole(queries, run))}


def possible_precision(grades: Judgments) -> float:
    """The highest P@5 that a perfect ranking could reach: most queries have fewer than five documents of grade 2 or better."""
    queries = answerable(grades)
    good = [min(5, sum(grade >= 2 for grade in documents.values())) / 5 for documents in queries.values()]  # noqa: PLR2004
    return round(sum(good) / len(good), 4) if good else 0.0


def _whole(queries: Judgments, run: Run) -> dict[str, dict[str, float]]:
    # A query that no list answers must count as 0, not be left out of the mean.
    return {query: dict(run.get(query) or {"": 0.0}) for query in queries}
