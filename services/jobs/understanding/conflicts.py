"""Where a notice contradicts itself: a column against the words, or two of its sentences."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from services.jobs.understanding import ages, pay, times
from services.jobs.understanding.fact import STATED, Fact, Key
from services.jobs.understanding.notice import Notice

_LABELS: Final[dict[str, str]] = {
    "pay": "工资",
    "headcount": "招聘人数",
    "age_max": "最高年龄",
    "education_min": "学历",
    "lodging": "住宿",
    "board": "伙食",
    "live_in": "住家",
    "rest": "休息日",
    "pay_order_days": "一单的天数",
}


_LESS_THAN_A_DAY: Final = 0.6


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


def conflicts(read: Sequence[Fact], notice: Notice) -> Iterator[Conflict]:
    """The contradictions among all readings, at most one per key."""
    yield from _pay(read, notice)
    yield from _ages(notice)
    yield from _rest(notice)
    for key, differ in _COMPARED.items():
        same = [fact for fact in read if fact.key == key]
        for one, other in ((same[0], later) for later in same[1:]):
            if one.span != other.span and differ(one, other):
                yield Conflict(key, one, other)
                break


def _pay(read: Sequence[Fact], notice: Notice) -> Iterator[Conflict]:
    """A range in words that reaches beyond the columns'; or any pay in words that lies wholly outside."""
    bounds = {key: [fact for fact in read if fact.key == key] for key in ("pay_min", "pay_max")}
    low, high = bounds["pay_min"], bounds["pay_max"] or bounds["pay_min"]
    if not low or low[0].confidence < STATED or any(fact.value == "order" for fact in read if fact.key == "pay_unit"):
        return
    least, most = _number(low[0]), _number(high[0])
    for told_least, told_most, span in pay.stated_ranges(notice):
        if told_least < least or told_most > most:
            yield Conflict("pay", low[0], Fact("pay_min", told_least, span))
            return
    if len(low) > 1 and len({fact.value for fact in read if fact.key == "pay_unit"}) == 1:
        told_high = high[1] if len(high) > 1 else low[1]
        if _number(low[1]) > most or _number(told_high) < least:
            yield Conflict("pay", low[0], low[1])


def _ages(notice: Notice) -> Iterator[Conflict]:
    """The greatest age of the column against that of running text."""
    columns = {passage.field for passage in notice.of("age")}
    wishes = [wish for wish in ages.wishes(notice) if wish.most is not None]
    stated = [wish for wish in wishes if wish.span.field in columns]
    told = [wish for wish in wishes if wish.span.field not in columns]
    if stated and told and max(wish.most or 0 for wish in stated) != max(wish.most or 0 for wish in told):
        one, other = stated[0], told[0]
        yield Conflict("age_max", Fact("age_max", one.most or 0, one.span), Fact("age_max", other.most or 0, other.span))


def _rest(notice: Notice) -> Iterator[Conflict]:
    """Days off that differ by more than a day a week can be rounded: 双休 and 月休四天."""
    found = [one for one in times.rests(notice) if one.days_a_week is not None]
    for one, other in ((found[0], later) for later in found[1:]):
        if abs((one.days_a_week or 0) - (other.days_a_week or 0)) > _LESS_THAN_A_DAY and one.span != other.span:
            yield Conflict("rest", Fact("rest", one.code, one.span), Fact("rest", other.code, other.span))
            return


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
