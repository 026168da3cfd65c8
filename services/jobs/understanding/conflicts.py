"""Where a notice contradicts itself: a column against the words, or two of its sentences."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from services.jobs.understanding.fact import STATED, Fact, Key

_LABELS: Final[dict[str, str]] = {
    "pay": "工资",
    "headcount": "招聘人数",
    "age_min": "最低年龄",
    "age_max": "最高年龄",
    "education_min": "学历",
    "lodging": "住宿",
    "board": "伙食",
    "live_in": "住家",
    "pay_order_days": "一单的天数",
}


@dataclass(frozen=True, slots=True)
class Conflict:
    """`key`: what is contradictory (pay, headcount, lodging …), and the two facts that do not agree."""

    key: str
    stands: Fact
    contradicts: Fact

    @property
    def message(self) -> str:
        """For the poster, who decides."""
        return f"{_LABELS[self.key]}前后不一：“{self.stands.span.text}”与“{self.contradicts.span.text}”，请核对"


def conflicts(read: Sequence[Fact]) -> Iterator[Conflict]:
    """The contradictions among all readings, at most one per key."""
    yield from _pay(read)
    for key, differ in _COMPARED.items():
        same = [fact for fact in read if fact.key == key]
        for one, other in ((same[0], later) for later in same[1:]):
            if one.span != other.span and differ(one, other):
                yield Conflict(key, one, other)
                break


def _pay(read: Sequence[Fact]) -> Iterator[Conflict]:
    """Bounds in words that lie wholly outside the columns' bounds, in the same unit."""
    bounds = {key: [fact for fact in read if fact.key == key] for key in ("pay_min", "pay_max")}
    units = {fact.value for fact in read if fact.key == "pay_unit"}
    low, high = bounds["pay_min"], bounds["pay_max"] or bounds["pay_min"]
    if len(units) > 1 or len(low) < 2 or low[0].confidence < STATED:  # noqa: PLR2004 - a pair
        return
    told_high = high[1] if len(high) > 1 else low[1]
    if _number(low[1]) > _number(high[0]) or _number(told_high) < _number(low[0]):
        yield Conflict("pay", low[0], low[1])


def _number(fact: Fact) -> float:
    return float(fact.value) if isinstance(fact.value, int | float) else 0.0


def _other(one: Fact, other: Fact) -> bool:
    return one.value != other.value


def _opposite(one: Fact, other: Fact) -> bool:
    return {one.value, other.value} == {"provided", "none"}


_COMPARED: Final[dict[Key, Callable[[Fact, Fact], bool]]] = {
    "headcount": _other,
    "lodging": _opposite,
    "board": _opposite,
    "pay_order_days": _other,
    "live_in": lambda one, other: {one.value, other.value} == {True, False},
    "education_min": lambda one, other: one.confidence == STATED and one.value != other.value,
}
