"""How near one kind of work is to another: what people would also take, and what experience carries over."""

from collections.abc import Mapping
from functools import cache
from typing import Final, Literal

from services.contracts.vocabulary import occupations
from services.kernel.text.facts import tables

Sense = Literal["wish", "skill"]
_SENSES: Final[tuple[Sense, Sense]] = ("wish", "skill")


@cache
def _pairs() -> Mapping[tuple[Sense, str, str], float]:
    table = tables.load("work_near")
    found: dict[tuple[Sense, str, str], float] = {}
    for one, other, *values in table["pairs"]:
        for sense, value in zip(_SENSES, values, strict=True):
            found[sense, one, other] = found[sense, other, one] = value
    for one, other, *values in table["ways"]:
        found |= {(sense, one, other): value for sense, value in zip(_SENSES, values, strict=True)}
    return found


@cache
def near(sense: Sense, one: str, other: str) -> float:
    """0 to 1: `wish`, would who wants `one` take `other`; `skill`, how far having done `one` prepares for `other`."""
    if one == other:
        return 1.0
    pair = _pairs().get((sense, one, other))
    if pair is not None:
        return pair
    table, known = tables.load("work_near"), occupations.load()
    a, b = known.get(one), known.get(other)
    kin = "other"
    if a is not None and b is not None:
        kin = "group" if (a.family, a.group) == (b.family, b.group) else "family" if a.family == b.family else "other"
    return float(table[kin][sense])


@cache
def neighbours(work: str, sense: Sense, least: float) -> frozenset[str]:
    """The kinds of work from which `work` is at least so near; itself among them."""
    ids = {one for _, one, other in _pairs() if other == work} | set(occupations.load()) | {work}
    return frozenset(one for one in ids if near(sense, one, work) >= least)
