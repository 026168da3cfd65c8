"""A notice understood: one fact per key, and where columns and words disagree."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.jobs.understanding import ages, asks, conflicts, dates, headcount, living, papers, pay, places, terms, times
from services.jobs.understanding.conflicts import Conflict
from services.jobs.understanding.fact import Fact, Key, best
from services.jobs.understanding.notice import Notice
from services.kernel.text.facts.model import PostedWork

_READERS: Final[Sequence[Callable[[Notice], Iterable[Fact]]]] = (
    pay.pay,
    headcount.headcount,
    times.working_hours,
    times.rest_days,
    times.shifts,
    living.live_in,
    living.lodging,
    living.board,
    papers.papers,
    asks.experience,
    asks.education,
    ages.ages,
    asks.sex_wish,
    asks.language,
    asks.health_check,
    terms.contract_form,
    terms.insurance,
    places.places,
    terms.couples_welcome,
    terms.fee_or_deposit,
)


@dataclass(frozen=True, slots=True)
class Understanding:
    """`facts` in the order of KEYS; `works` the main kinds of work, the surest first; `conflicts` between what a column and
    the words say, or the words among themselves."""

    facts: tuple[Fact, ...]
    works: tuple[PostedWork, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def by_key(self) -> Mapping[Key, Fact]:
        """The facts by their keys."""
        return {fact.key: fact for fact in self.facts}


def understand(notice: Notice, today: date) -> Understanding:
    """What the notice says, read on `today` (dates without a year). Pure; a column is never overridden by words."""
    read = list(_read(notice, today))
    return Understanding(tuple(best(read)), notice.works, tuple(conflicts.conflicts(read, notice)))


def _read(notice: Notice, today: date) -> Iterator[Fact]:
    for reader in _READERS:
        yield from reader(notice)
    yield from dates.start(notice, today)
    yield from dates.valid_until(notice, today)
