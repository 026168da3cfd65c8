"""What a search text says, as conditions on the index. Pure data; readers/ makes it, compiling.py uses it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from services.kernel.index import Query
from services.matcher.indexer.documents import Collection

TEXT_FIELDS: Final = {
    Collection.WORKERS: {"intention": 2.0, "experience": 1.0, "certificate_words": 1.0, "place_words": 1.0, "other_words": 1.0},
    Collection.POSTINGS: {"title": 2.0, "description": 1.0, "requirements": 1.0},
}
"""The fields that are searched by words, with their weight."""


class Kind(StrEnum):
    """What a concept is about, as the answer names it."""

    WORK = "work"
    EXPERIENCE = "experience"
    PLACE = "place"
    RESIDENCE = "residence"
    REACH = "reach"
    AGE = "age"
    PAY = "pay"
    CERTIFICATE = "certificate"
    START = "start"
    LIVE_IN = "live_in"
    NIGHTS = "nights"
    LODGING = "lodging"
    COMPANIONS = "companions"
    TRAIT = "trait"
    EDUCATION = "education"
    MANDARIN = "mandarin"
    TRAINING = "training"
    STATUS = "status"
    HOUSEHOLD = "household"
    POSTING_KIND = "posting_kind"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Rung:
    """What fits `query` gains so many points. Rungs of one ladder add up, so that the nearest comes first.

    Gains are multiples of a quarter: exact in a float, so that both indexes order alike.
    """

    query: Query
    gain: float


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that was said, in the characters [start, end) of the text.

    `must` decides who may be a hit at all; None: it only orders. `meets` is what counts as having it, when a search asks that
    all or most concepts are met; None where `must` says it. `rungs` order. `label` is how people are told, in Chinese.
    """

    kind: Kind
    start: int
    end: int
    label: str
    must: Query | None = None
    meets: Query | None = None
    rungs: Sequence[Rung] = ()
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Ignored:
    """Words that were left aside, and why, in Chinese."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Understanding:
    """A search text as it was understood. `tokens`: token → its weight, for words in common; `text` is what was typed."""

    text: str
    over: Collection
    concepts: Sequence[Concept] = ()
    tokens: dict[str, float] = field(default_factory=dict)
    ignored: Sequence[Ignored] = ()
