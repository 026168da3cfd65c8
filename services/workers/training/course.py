"""The aggregate: a course. Rules only, no input or output. The plan's part two (四) asks for training before people go out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Self

from services.workers.violation import Violation

ID_PREFIX: Final = "co"
ENROLMENT_PREFIX: Final = "en"


class CourseState(StrEnum):
    PLANNED = "planned"
    CANCELLED = "cancelled"


class Result(StrEnum):
    """How taking part stands or ended."""

    ENROLLED = "enrolled"
    COMPLETED = "completed"
    FAILED = "failed"
    """Took part to the end and did not pass."""
    ABSENT = "absent"
    """Did not come, or left."""
    CANCELLED = "cancelled"
    """Taken off the list before the end."""


SEATED: Final = frozenset({Result.ENROLLED, Result.COMPLETED, Result.FAILED})
"""Results that take a seat; who was absent or cancelled leaves it to somebody else."""


@dataclass(frozen=True, slots=True)
class Course:
    """A course. `occupation` is the id of the work it is for, `division_code` (GB/T 2260) where it is held, `certificate` the
    canonical name of the paper it leads to, "" for none; `hours` of lessons; `subsidy` CNY per day and person."""

    id: str
    version: int
    state: CourseState
    title: str
    occupation: str
    provider: str
    division_code: str
    place: str
    starts_on: date
    ends_on: date
    hours: int
    seats: int
    subsidy: int
    certificate: str
    brand_id: str | None
    changed_at: datetime

    def violations(self) -> Iterator[Violation]:
        """What cannot be."""
        if self.ends_on < self.starts_on:
            yield Violation("ends_on", "ends_before_it_begins", "结束早于开始")

    def changed(self, now: datetime, **fields: object) -> Self:
        """The next version, or itself when nothing differs."""
        after = replace(self, **fields)  # type: ignore[arg-type]
        return self if after == self else replace(after, version=self.version + 1, changed_at=now)

    def takes_part(self, today: date) -> bool:
        """Whether somebody may still be put on the list: it is held, and has not ended."""
        return self.state is CourseState.PLANNED and today <= self.ends_on

    def has_ended(self, today: date) -> bool:
        """Whether results may be kept."""
        return self.state is CourseState.PLANNED and today >= self.starts_on


@dataclass(frozen=True, slots=True)
class Enrolment:
    """That a worker takes part in a course, and how it ended."""

    id: str
    course_id: str
    worker_id: str
    result: Result
    enrolled_at: datetime
    decided_at: datetime | None = None
