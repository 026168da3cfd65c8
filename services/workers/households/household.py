"""The aggregate: a household of the register. Rules only.

Categories are those of household_status.csv. Of those that say where a household stands (建档立卡, 脱贫, 监测, 一般) it has one
at a time; the others (低保, 特困, 低保边缘, 易迁, 零就业) may stand beside it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import combinations
from typing import Final

from services.workers.employment import AT_WORK
from services.workers.violation import Violation

EXCLUSIVE: Final = frozenset({"HS01", "HS02", "HS03", "HS04", "HS05", "HS06", "HS07"})
MONITORED: Final = frozenset({"HS04", "HS05", "HS06"})
"""脱贫不稳定户, 边缘易致贫户, 突发严重困难户: the ones that have a risk, removed or not."""
HEAD: Final = "L0"


@dataclass(frozen=True, slots=True)
class Member:
    """One who lives in the household. `worker_id`: their record in the register, if they have one; `able`: of an age and in a
    state to work, as told; `at_work`: in work, as told — for who has a record, the record says."""

    name: str = field(repr=False)
    relation: str
    worker_id: str | None = None
    birth_year: int | None = field(default=None, repr=False)
    able: bool | None = None
    at_work: bool | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """A category from `since` to `until` (None: still), from which source; `risk` (risk_status) of monitored households."""

    code: str
    since: date
    until: date | None = None
    source: str = ""
    risk: str | None = None

    def holds(self, day: date) -> bool:
        """Whether it holds on that day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def meets(self, other: "Category") -> bool:
        """Whether there is a day on which both hold."""
        return self.since <= (other.until or date.max) and other.since <= (self.until or date.max)


@dataclass(frozen=True, slots=True)
class Household:
    """A household. `code` is its 户编号 in the register of households, `village` and `relocated_to` places in words."""

    id: str
    version: int
    code: str
    county_code: str
    township: str = ""
    village: str = field(default="", repr=False)
    relocated: bool | None = None
    relocated_to: str = field(default="", repr=False)
    members: tuple[Member, ...] = ()
    categories: tuple[Category, ...] = ()

    def violations(self, today: date) -> Iterator[Violation]:
        """What cannot be."""
        if sum(member.relation == HEAD for member in self.members) > 1:
            yield Violation("members", "two_heads", "一户只有一个户主")
        linked = [member.worker_id for member in self.members if member.worker_id is not None]
        if len(set(linked)) < len(linked):
            yield Violation("members", "repeated", "同一个人填了两次")
        for position, period in enumerate(self.categories):
            yield from _period_violations(position, period, today)
        for one, other in combinations(self.categories, 2):
            if one.meets(other) and (one.code == other.code or {one.code, other.code} <= EXCLUSIVE):
                yield Violation("categories", "categories_overlap", "同一段时间只能有一种户类型（低保、特困等除外）")
                return

    def category_on(self, day: date) -> Category | None:
        """The one that says where the household stands on that day."""
        return next((period for period in self.categories if period.code in EXCLUSIVE and period.holds(day)), None)

    def recategorised(self, new: Category) -> "Household":
        """With a category from its day on; the one of its kind that held before ends the day before. One that began on the
        same day or later gives way."""
        kept = []
        for period in self.categories:
            same_kind = period.code == new.code or {period.code, new.code} <= EXCLUSIVE
            if not same_kind or (period.until is not None and period.until < new.since):
                kept.append(period)
            elif period.since < new.since:
                kept.append(replace(period, until=new.since - timedelta(days=1)))
        return replace(self, categories=tuple(sorted((*kept, new), key=lambda period: (period.since, period.code))))

    def without(self, worker_id: str) -> "Household":
        """The same, the member's record no longer linked."""
        members = (replace(one, worker_id=None) if one.worker_id == worker_id else one for one in self.members)
        return replace(self, members=tuple(members))


def zero_employment(works: Sequence[tuple[bool | None, bool | None]]) -> bool | None:
    """Whether none of those who could work is in work (零就业家庭, 就业促进法 56); `works`: able and at work, by member.

    None: not certain, because of somebody it is not known. Where nobody could work there is no such household.
    """
    if any(at_work for _, at_work in works):
        return False
    could = [(able, at_work) for able, at_work in works if able is not False]
    if not could:
        return False
    certain = all(at_work is not None for _, at_work in could) and any(able for able, _ in could)
    return True if certain else None


def in_work(employment_status: str | None) -> bool | None:
    """Whether a record's employment status is one of being in work; None when it is not known."""
    return employment_status in AT_WORK if employment_status is not None else None


def _period_violations(position: int, period: Category, today: date) -> Iterator[Violation]:
    place = f"categories/{position}"
    if period.since > today:
        yield Violation(f"{place}/since", "date_to_come", "开始的日期还没有到")
    if period.until is not None and period.until < period.since:
        yield Violation(f"{place}/until", "ends_before_it_begins", "结束早于开始")
    if period.risk is not None and period.code not in MONITORED:
        yield Violation(f"{place}/risk", "risk_of_unmonitored", "只有监测户才填风险是否消除")
