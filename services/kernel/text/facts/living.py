"""Lodging, board, living in and nights, as workers ask and postings offer."""

from collections.abc import Sequence
from typing import NamedTuple

from services.kernel.text.facts import cues
from services.kernel.text.facts.model import Lodging, Span, Stance
from services.kernel.text.facts.passages import Passage


class Said(NamedTuple):
    """A stance with the words for it."""

    stance: Stance
    span: Span | None


class Housed(NamedTuple):
    """A lodging state with the words for it."""

    lodging: Lodging
    span: Span | None


def _first(passages: Sequence[Passage], table: str, name: str) -> Span | None:
    pattern = cues.section("living", table)[name]
    return next((span for passage in passages if (span := passage.search(pattern))), None)


def _stance(passages: Sequence[Passage], table: str, order: Sequence[tuple[str, Stance]]) -> Said:
    for name, stance in order:
        if span := _first(passages, table, name):
            return Said(stance, span)
    return Said(Stance.UNKNOWN, None)


def _housed(passages: Sequence[Passage], table: str, order: Sequence[tuple[str, Lodging]]) -> Housed:
    for name, lodging in order:
        if span := _first(passages, table, name):
            return Housed(lodging, span)
    return Housed(Lodging.UNKNOWN, None)


def worker_lodging(lodging: Passage) -> Housed:
    """What is asked for: OWN where somebody sees to it alone, else NEEDED where a bed is asked for."""
    return _housed([lodging], "worker", [("lodging_own", Lodging.OWN), ("lodging_needed", Lodging.NEEDED)])


def worker_live_in(passages: Sequence[Passage], remark: Passage) -> Said:
    """Whether somebody would live with an employer; a remark only refuses (it tells of the past too)."""
    order = [("live_in_accepts", Stance.ACCEPTS), ("live_in_refuses", Stance.REFUSES), ("live_in_wants", Stance.WANTS)]
    said = _stance(passages, "worker", order)
    if said.stance is not Stance.UNKNOWN:
        return said
    return _stance([remark], "worker", [("live_in_remark_refuses", Stance.REFUSES)])


def worker_nights(passages: Sequence[Passage]) -> Said:
    """Whether somebody would work at night."""
    return _stance(passages, "worker", [("nights_refuses", Stance.REFUSES), ("nights_accepts", Stance.ACCEPTS)])


def posted_lodging(lodging: Passage, description: Passage) -> Housed:
    """What is offered: the column, then the description."""
    order = [
        ("lodging_allowance", Lodging.ALLOWANCE),
        ("lodging_none", Lodging.NONE),
        ("lodging_provided", Lodging.PROVIDED),
    ]
    column = _housed([lodging], "posting", order)
    return column if column.lodging is not Lodging.UNKNOWN else _housed([description], "posting", order)


def posted_board(lodging: Passage, description: Passage) -> Housed:
    """Meals: given, an allowance, or not at all; the column, then the description."""
    order = [
        ("board_none", Lodging.NONE),
        ("board_provided", Lodging.PROVIDED),
        ("board_allowance", Lodging.ALLOWANCE),
    ]
    column = _housed([lodging], "posting", order)
    return column if column.lodging is not Lodging.UNKNOWN else _housed([description], "posting", order)


def posted_live_in(passages: Sequence[Passage], description: Passage | None = None) -> Said:
    """WANTS: one lives with the employer; ACCEPTS: either way; REFUSES: one lives out. Running text must say it outright."""
    order = [("live_in_either", Stance.ACCEPTS), ("live_in_no", Stance.REFUSES), ("live_in_yes", Stance.WANTS)]
    said = _stance(passages, "posting", order)
    if said.stance is not Stance.UNKNOWN or description is None:
        return said
    return _stance([description], "posting", [("live_in_told_no", Stance.REFUSES), ("live_in_told_yes", Stance.WANTS)])


def posted_nights(passages: Sequence[Passage]) -> tuple[bool | None, Span | None]:
    """Whether the work has nights; None when nothing is said."""
    if span := _first(passages, "posting", "nights_yes"):
        return True, span
    span = _first(passages, "posting", "nights_no")
    return (False, span) if span else (None, None)
