"""An understanding, structured filters and a scope compiled to one request of the index."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final

from services.kernel.index import All, AnyOf, Boost, Exists, Match, Not, Query, Range, Term
from services.matcher.indexer.documents import Collection
from services.matcher.search.concepts import TEXT_FIELDS, Concept, Understanding

_WORDS: Final = 0.25  # how much BM25 weighs against the concepts' gains
_SEEKING: Final = 3.0
_WILLING: Final = 0.5


@dataclass(frozen=True, slots=True)
class Compiled:
    """What may be a hit, if `must_meet` of the concepts are to be met, and what orders the hits."""

    filter: Query
    boosts: Sequence[Boost]
    match: Match | None
    must_meet: int


def levels(understood: Understanding) -> Iterator[int]:
    """How many concepts a hit must meet: all of them, then fewer, at least half."""
    many = len(_to_meet(understood))
    yield from range(many, max(many // 2, min(many, 1)) - 1, -1)


def compiled(understood: Understanding, allowed: Query, must_meet: int) -> Compiled:
    """The request for one level of strictness."""
    concepts = understood.concepts
    musts = [concept.must for concept in concepts if concept.must is not None]
    boosts = [Boost(rung.query, rung.gain) for concept in concepts for rung in concept.rungs]
    if boosts or understood.tokens:
        boosts += _willingness(understood.over)
    words = Match({name: boost * _WORDS for name, boost in TEXT_FIELDS[understood.over].items()}, understood.tokens)
    return Compiled(
        All([allowed, *musts, *_met(_to_meet(understood), must_meet)]), boosts, words if understood.tokens else None, must_meet
    )


def _to_meet(understood: Understanding) -> list[Concept]:
    return [concept for concept in understood.concepts if concept.meets is not None]


def _met(concepts: Sequence[Concept], many: int) -> list[Query]:
    """At least so many of the concepts are met."""
    if many == 0:
        return []
    queries = [concept.meets for concept in concepts if concept.meets is not None]
    return [AnyOf([All(some) for some in combinations(queries, many)])]


def _willingness(over: Collection) -> list[Boost]:
    """Who looks for work at all stands before who does not."""
    if over is Collection.POSTINGS:
        return []
    return [Boost(Term("seeking", [True]), _SEEKING), Boost(Term("willingness", ["W3"]), _WILLING)]


def shown(over: Collection, today: date) -> Query:
    """What may be shown at all: cleared people of working age, openings that are open on this day."""
    visible = Term("visible", [True])
    if over is Collection.WORKERS:
        return visible
    return All([visible, AnyOf([Range("valid_until", at_least=today), Not(Exists("valid_until"))])])
