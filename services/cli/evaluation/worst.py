"""The queries that go worst, and what the ranking itself says of the documents that should stand higher."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from services.cli.evaluation import measures
from services.cli.evaluation.collection import Judgments
from services.cli.evaluation.measures import Run

QUERIES: Final = 10
_MISSES: Final = 3
_WORDS: Final = 3

Explain = Callable[[str, str], Awaitable[Mapping[str, Any]]]
"""Query and document (numbers of the source) -> the explanation of the pair."""


async def worst(grades: Judgments, run: Run, explain: Explain) -> list[dict[str, Any]]:
    """The ten worst queries: `query`, `ndcg@10`, and `misses`: the best judged documents that stand below worse ones, with
    what the explanation gives against them."""
    scored = sorted(measures.by_query(grades, run).items(), key=lambda pair: pair[1])
    found = []
    for query, value in scored[:QUERIES]:
        misses = []
        for document in _misplaced(grades[query], list(run.get(query, ())))[:_MISSES]:
            told = await explain(query, document)
            misses.append({"document": document, "grade": grades[query][document], "rank": told["rank"], "why": _why(told)})
        found.append({"query": query, "ndcg@10": round(value, 4), "misses": misses})
    return found


def _misplaced(judged: Mapping[str, int], listed: Sequence[str]) -> list[str]:
    """Documents with a worse one above them, the best judged first, then who stands lowest."""
    place = {document: rank for rank, document in enumerate(listed)}
    last = len(listed)
    wanted = sorted((document for document, grade in judged.items() if grade), key=lambda document: -judged[document])

    def passed(document: str) -> bool:
        above = listed[: place.get(document, last)]
        return any(judged.get(other, 0) < judged[document] for other in above) or document not in place

    return sorted(filter(passed, wanted), key=lambda document: (-judged[document], -place.get(document, last)))


def _why(told: Mapping[str, Any]) -> list[str]:
    if told["exclusion"]:
        return [str(told["exclusion"]["reason"])]
    return [str(gap) for gap in told["gaps"][:_WORDS]] or ["没有找出差距"]
