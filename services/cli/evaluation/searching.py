"""The searches of a collection, asked through the public interface: as they are understood, and by their words alone."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

import httpx

from services.cli.evaluation import measures
from services.cli.evaluation.collection import Search
from services.cli.evaluation.measures import Run

Reading = Literal["understood", "words"]
READINGS: Final[tuple[Reading, ...]] = ("understood", "words")
DEPTH: Final = 50
_WORST: Final = 10


async def searched(
    http: httpx.AsyncClient, searches: Sequence[Search], tell: Callable[[str, int, int], None]
) -> Mapping[Reading, Run]:
    """What each search finds, by its key. Raises httpx.HTTPStatusError for a refusal."""
    runs: dict[Reading, dict[str, dict[str, float]]] = {reading: {} for reading in READINGS}
    for done, search in enumerate(searches):
        tell("检索", done, len(searches))
        for reading in READINGS:
            asked = {"q": search.text, "limit": DEPTH, "by": reading}
            response = await http.post(f"/v1/search/{search.over}", json=asked)
            items = response.raise_for_status().json()["items"]
            runs[reading][search.key] = {item["summary"]["number"]: float(DEPTH - place) for place, item in enumerate(items)}
    return runs


def report(searches: Sequence[Search], runs: Mapping[Reading, Run]) -> dict[str, Any]:
    """nDCG@10, mean and by search, beside plain BM25."""
    grades = {search.key: search.grades for search in searches}
    by_query = measures.by_query(grades, runs["understood"])
    words = measures.by_query(grades, runs["words"])
    return {
        "ndcg@10": _mean(by_query),
        "bm25": {"ndcg@10": _mean(words)},
        "queries": len(by_query),
        "ndcg@10_by_query": {query: round(value, 4) for query, value in by_query.items()},
        "bm25_by_query": {query: round(value, 4) for query, value in words.items()},
    }


def worst(told: Mapping[str, Any]) -> list[tuple[str, float]]:
    """The searches that did worst."""
    return sorted(told["ndcg@10_by_query"].items(), key=lambda pair: pair[1])[:_WORST]


def _mean(values: Mapping[str, float]) -> float:
    return round(sum(values.values()) / len(values), 4) if values else 0.0
