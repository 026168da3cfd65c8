"""Named traits and conditions: what a worker can or lacks, what a posting asks for and offers."""

from collections.abc import Sequence
from functools import cache

from services.kernel.text.facts import cues, tables
from services.kernel.text.facts.model import Mark, Span
from services.kernel.text.facts.passages import Passage


@cache
def label(mark: str) -> str:
    """What a worker's mark is called to people: 会电脑."""
    return str(tables.load("marks")["worker"][mark]["label"])


def worker_marks(passages: Sequence[Passage]) -> tuple[Mark, ...]:
    """Traits of a worker; a denial beats the claim."""
    return _marks("worker", passages, (("lacks", False), ("holds", True)))


def demands(passages: Sequence[Passage]) -> tuple[Mark, ...]:
    """What a posting asks for; `holds` False: only welcome."""
    return _marks("posting", passages, (("must", True), ("nice", False)))


def offers(passages: Sequence[Passage]) -> tuple[Mark, ...]:
    """What a posting offers beyond pay and lodging."""
    return _marks("posting", passages, (("offers", True),))


def _marks(side: str, passages: Sequence[Passage], keys: Sequence[tuple[str, bool]]) -> tuple[Mark, ...]:
    found = []
    for mark in tables.load("marks")[side]:
        for key, holds in keys:
            if span := _span(side, mark, key, passages):
                found.append(Mark(id=mark, holds=holds, span=span))
                break
    return tuple(found)


def _span(side: str, mark: str, key: str, passages: Sequence[Passage]) -> Span | None:
    pattern = cues.section("marks", side, mark).get(key)
    return next((span for passage in passages if pattern and (span := passage.search(pattern))), None)
