"""What people write, field by field, and what must be read from it: tests/data/sayings.tsv."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from services.kernel.text.facts import WorkerFacts, starts
from tests.unit.said import facts

TODAY: Final = date(2026, 11, 20)
FIELDS: Final = {
    "occ": "intention_occupations",
    "exp": "experience",
    "cert": "certificates",
    "places": "intention_places",
    "pay": "intention_pay",
    "care": "care_duties",
}
SAYINGS: Final = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parents[1] / "data" / "sayings.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


def _papers(read: WorkerFacts) -> set[str]:
    return {f"{paper.name}:{paper.on(TODAY).value}" for paper in read.certificates} | {p.name for p in read.certificates}


def _start(read: WorkerFacts) -> set[str]:
    day = starts.earliest(read.start, TODAY)
    return {day.isoformat(), f"{day:%Y-%m}"} if day else set()


def _refused_places(read: WorkerFacts) -> set[str]:
    return {place.code for place in read.places_refused} - {place.code for place in read.places}


def _numbers(*found: float | None) -> set[str]:
    return {f"{number:.0f}" for number in found if number is not None} or {"none"}


# Key of an expectation -> everything of that kind that was read.
READ: Final[dict[str, Callable[[WorkerFacts], set[str]]]] = {
    "want": lambda read: {work.id for work in read.wanted},
    "ref": lambda read: {work.id for work in read.refused},
    "any": lambda read: {""} if read.open_to_any else set(),
    "exp": lambda read: {done.id for done in read.experience},
    "years": lambda read: {f"{done.years:g}" for done in read.experience if done.years},
    "athome": lambda read: {""} if any(done.at_home for done in read.experience) else set(),
    "cert": _papers,
    "place": lambda read: {place.code for place in read.places},
    "noplace": _refused_places,
    "reach": lambda read: {read.reach.value},
    "only": lambda read: {""} if read.places_only else set(),
    "pay": lambda read: _numbers(read.pay.wished if read.pay else None),
    "floor": lambda read: _numbers(read.pay.floor if read.pay else None),
    "lodging": lambda read: {read.lodging.value},
    "livein": lambda read: {read.live_in.value},
    "nights": lambda read: {read.nights.value},
    "startkind": lambda read: {read.start.kind.value} if read.start else set(),
    "start": _start,
    "comp": lambda read: {companion.kind for companion in read.companions} or {"none"},
    "must": lambda read: {""} if any(companion.must for companion in read.companions) else set(),
    "limit": lambda read: set(read.limits),
    "mark": lambda read: {mark.id for mark in read.marks if mark.holds},
    "tied": lambda read: {""} if read.tied_home else set(),
    "untied": lambda read: set() if read.tied_home else {""},
    "notseek": lambda read: {""} if read.not_seeking else set(),
}


@pytest.mark.parametrize(("field", "words", "expected"), SAYINGS)
def test_what_people_write_is_understood(field: str, words: str, expected: str) -> None:
    read = facts(**{FIELDS.get(field, field): words})
    for expectation in expected.split():
        key, _, value = expectation.replace("!=", "=").replace("~", "=").partition("=")
        found = bool(READ[key](read) & set(value.split(",")))
        assert found != ("!=" in expectation), f"{expectation}: {READ[key](read)}"


def test_every_saying_is_of_a_known_form() -> None:
    assert len(SAYINGS) > 250
    assert {line[0] for line in SAYINGS} <= {*FIELDS, "lodging", "start", "companions", "remark"}
