"""The aggregate: a labour brand; and its figures, from the members' profiles. Rules only, no input or output."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from statistics import fmean
from typing import Final, Self

from services.workers.employment import AT_WORK
from services.workers.profile import Profile

ID_PREFIX: Final = "br"
STAYS_DAYS: Final = 90
"""Who stays so long in a job has stayed: three months, as the award for steady work asks (云政办发〔2019〕57号; rules.md 8)."""


class BrandState(StrEnum):
    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand. `division_code` (GB/T 2260) whose brand it is, `occupation` the id of its work; who holds `certificate`
    (canonical name, "" for none) and lives there belongs to it, like whoever completed one of its courses."""

    id: str
    version: int
    state: BrandState
    name: str
    division_code: str
    occupation: str
    certificate: str
    description: str
    changed_at: datetime

    def changed(self, now: datetime, **fields: object) -> Self:
        """The next version, or itself when nothing differs."""
        after = replace(self, **fields)  # type: ignore[arg-type]
        return self if after == self else replace(after, version=self.version + 1, changed_at=now)


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of a brand's members. `placed` are at work; `wage_mean` in CNY per month over the `wage_known` of them whose
    wage is known; of the `followed` jobs that began three months ago or earlier, or ended, `stayed` lasted three months."""

    members: int
    placed: int
    wage_known: int
    wage_mean: int | None
    followed: int
    stayed: int


def figures(members: Sequence[Profile], occupation: str, today: date) -> Figures:
    """The figures of these members on a day; only jobs in the brand's work are followed."""
    placed = [profile for profile in members if profile.employment_status in AT_WORK]
    wages = [profile.stated.employment.wage for profile in placed if profile.stated.employment]
    known = [wage for wage in wages if wage is not None]
    lasted = [days for profile in members for days in _jobs(profile, occupation, today)]
    return Figures(
        members=len(members),
        placed=len(placed),
        wage_known=len(known),
        wage_mean=round(fmean(known)) if known else None,
        followed=len(lasted),
        stayed=sum(days >= STAYS_DAYS for days in lasted),
    )


def _jobs(profile: Profile, occupation: str, today: date) -> Iterator[int]:
    """How many days each of a member's jobs in this work lasted; one that began lately and goes on cannot be told yet."""
    for done in profile.stated.experience or ():
        if done.occupation == occupation and done.since is not None and done.until is not None:
            yield (done.until - done.since).days
    present = profile.stated.employment
    if present is None or present.occupation != occupation or present.since is None:
        return
    so_far = (today - present.since).days
    if profile.employment_status in AT_WORK and so_far >= STAYS_DAYS:
        yield so_far
