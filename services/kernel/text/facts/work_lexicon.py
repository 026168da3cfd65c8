"""The lexicon of work: names, deeds, settings and words with two meanings, from the work tables of kernel/text/data."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from services.contracts.vocabulary import occupations
from services.kernel.text.facts import tables

_TABLES: Final = (("work_home", "work"), ("work_property", "work"), ("work_other", "kind"))
_MACRO: Final = re.compile(r"<(\w+)>")

Means = Mapping[str, float]
"""Work id -> degree in (0, 1]."""


@dataclass(frozen=True)
class Case:
    """One meaning of a word, where `when` is found around it and `unless` is not; no `when`: the last resort."""

    means: Means
    when: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    near: bool = False

    def fits(self, around: str) -> bool:
        if self.when is None or (self.unless is not None and self.unless.search(around)):
            return False
        return self.when.search(around) is not None


@dataclass(frozen=True)
class WorkLexicon:
    """`names` by first character, longest first; each with its cases. `settings`: names that only say where."""

    names: Mapping[str, Sequence[str]]
    cases: Mapping[str, Sequence[Case]]
    settings: frozenset[str]
    deeds: Sequence[tuple[re.Pattern[str], Means]]


def _pattern(source: str) -> re.Pattern[str]:
    macros = tables.load("work_macros")
    return re.compile(_MACRO.sub(lambda match: macros[match.group(1)], source))


def _optional(source: str) -> re.Pattern[str] | None:
    return _pattern(source) if source else None


def _case(raw: Mapping[str, Any]) -> Case:
    return Case(raw["means"], _optional(raw.get("when", "")), _optional(raw.get("unless", "")), raw.get("near", False))


@cache
def load() -> WorkLexicon:
    """The lexicon, compiled once."""
    cases: dict[str, Sequence[Case]] = {}
    deeds: list[tuple[re.Pattern[str], Means]] = []
    for table, section in _TABLES:
        for row in tables.load(table)[section]:
            means: Means = row.get("means") or {row["id"]: 1.0}
            cases |= dict.fromkeys(row["names"], (Case(means),))
            deeds += [(_pattern(deed), means) for deed in row.get("deeds", ())]
    readings = tables.load("work_readings")
    settings = {word: (Case(row["means"]),) for row in readings["setting"] for word in row["words"]}
    cases |= settings
    for reading in readings["reading"]:
        cases |= dict.fromkeys(reading["words"], tuple(_case(raw) for raw in reading["cases"]))
    by_first: dict[str, list[str]] = {}
    for name in sorted(cases, key=len, reverse=True):
        by_first.setdefault(name[0], []).append(name)
    return WorkLexicon(by_first, cases, frozenset(settings), tuple(deeds))


@cache
def labels() -> Mapping[str, str]:
    """Work id -> the name that people read, for every id that a fact may hold."""
    own = {row["id"]: row["label"] for row in tables.load("work_other")["kind"]}
    return {occupation.id: occupation.name for occupation in occupations.load().values()} | own
