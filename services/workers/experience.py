"""What somebody has worked and learnt. Months are kept as their first days. Rules only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.workers.violation import Violation


@dataclass(frozen=True, slots=True)
class Experience:
    """Work once done: `occupation` an id of work, `place_code` GB/T 2260, `employer_kind` a code, `wage` CNY per month."""

    occupation: str
    place_code: str | None = None
    since: date | None = None
    until: date | None = None
    employer_kind: str | None = None
    wage: int | None = None

    def violations(self, today: date) -> Iterator[Violation]:
        """What cannot be."""
        if self.since is not None and self.since > today:
            yield Violation("since", "date_to_come", "开始的月份还没有到")
        if self.since is not None and self.until is not None and self.until < self.since:
            yield Violation("until", "ends_before_it_begins", "结束早于开始")


@dataclass(frozen=True, slots=True)
class Training:
    """A course done: its title, the work it was for (id), how many hours, when it ended, the certificate it led to."""

    course: str
    occupation: str | None = None
    hours: int | None = None
    ended_on: date | None = None
    certificate: str = ""
