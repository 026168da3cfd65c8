"""Certificates in words: held, only trained for, expired; with level and branch."""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from services.kernel.text.facts import tables
from services.kernel.text.facts.model import Certificate, CertificateState
from services.kernel.text.facts.passages import Passage

_CENTURY, _THIS_CENTURY = 100, 2000
_SPECIAL = "专项能力"  # one skill examined, without a level: not the certificate of the occupation


@dataclass(frozen=True)
class _Known:
    name: str
    words: re.Pattern[str]
    works: tuple[str, ...]
    branches: Sequence[tuple[re.Pattern[str], str]]


@cache
def _known() -> Sequence[_Known]:
    return tuple(
        _Known(
            row["name"],
            re.compile(row["words"]),
            tuple(row["works"]),
            tuple((re.compile(pattern), branch) for pattern, branch in row.get("branches", {}).items()),
        )
        for row in tables.load("certificate_words")["certificate"]
    )


@cache
def _cue(name: str) -> re.Pattern[str]:
    return re.compile(tables.load("certificate_words")["states"][name])


@cache
def _levels() -> Sequence[tuple[int, re.Pattern[str]]]:
    return tuple((int(level), re.compile(words)) for level, words in tables.load("certificate_words")["levels"].items())


@cache
def works_of() -> Mapping[str, tuple[str, ...]]:
    """Certificate -> the work ids that it qualifies for."""
    return {known.name: known.works for known in _known()}


@dataclass(frozen=True)
class Named:
    """A certificate named at [start, end) of a passage, with the item of the list that it stands in."""

    start: int
    end: int
    name: str
    level: int | None
    branch: str
    item: str


def _items(text: str) -> Iterator[tuple[int, int]]:
    """The items of a list: cut at 、;,/ but not within brackets."""
    depth, start = 0, 0
    for position, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if sign in "、,;./ \n" and depth <= 0 and not _between_digits(text, position):
            yield start, position
            start = position + 1
    yield start, len(text)


def _between_digits(text: str, position: int) -> bool:
    return text[position] in "./" and text[position - 1 : position].isdigit() and text[position + 1 : position + 2].isdigit()


def named(passage: Passage) -> Iterator[Named]:
    """The certificates named, item by item; overlapping readings of the same words keep the longest."""
    for start, end in _items(passage.text):
        item = passage.text[start:end]
        special = "专项" in item
        found = [(match, known) for known in _known() for match in known.words.finditer(item)]
        found.sort(key=lambda pair: pair[0].start() - pair[0].end())
        taken: list[tuple[int, int]] = []
        seen: set[str] = set()
        for match, known in found:
            if known.name in seen or any(match.start() < other[1] and match.end() > other[0] for other in taken):
                continue
            taken.append(match.span())
            seen.add(known.name)
            yield Named(
                start + match.start(),
                start + match.end(),
                known.name,
                level_in(item),
                _SPECIAL if special else _branch(known, item),
                item,
            )


def level_in(text: str) -> int | None:
    """The level named: 5 (lowest) to 1."""
    return next((level for level, words in _levels() if words.search(text)), None)


def _branch(known: _Known, item: str) -> str:
    return next((branch for pattern, branch in known.branches if pattern.search(item)), "")


def held(passage: Passage) -> tuple[Certificate, ...]:
    """The certificates of a worker's field; those that are only wished for, or denied, are left out."""
    return tuple(
        Certificate(
            name=n.name,
            state=_state(n.item, dated=_expires(n.item) is not None),
            level=n.level,
            branch=n.branch,
            expires=_expires(n.item),
            span=passage.span(n.start, n.end),
        )
        for n in named(passage)
        if _cue("trained").search(n.item) or not (_cue("absent").search(n.item) or _cue("wish").search(n.item))
    )


def _expires(item: str) -> date | None:
    """有效期至2027年6月, 27年3月到期, 2028年才到期: the last day of what was said; None when it is no day."""
    said = _cue("expires").search(item)
    if said is None:
        return None
    year, month, day = (int(part) if part else None for part in said.group("year", "month", "day"))
    year = (year or 0) % _CENTURY + _THIS_CENTURY
    try:
        return date(year, month or 12, day or monthrange(year, month or 12)[1])
    except ValueError:
        return None


def _state(item: str, *, dated: bool) -> CertificateState:
    # A day of expiry speaks for itself ("2028年才到期"): `Certificate.on` compares it.
    if not dated and _cue("expired").search(item):
        return CertificateState.EXPIRED
    return CertificateState.TRAINED if _cue("trained").search(item) else CertificateState.HELD
