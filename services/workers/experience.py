"""What somebody has worked and learnt. Months are kept as their first days. Rules only."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Experience:
    """Work once done: `occupation` an id of work, `place_code` GB/T 2260, `employer_kind` a code, `wage` CNY per month."""

    occupation: str
    place_code: str | None = None
    since: date | None = None
    until: date | None = None
    employer_kind: str | None = None
    wage: int | None = None


@dataclass(frozen=True, slots=True)
class Training:
    """A course done: its title, the work it was for (id), how many hours, when it ended, the certificate it led to."""

    course: str
    occupation: str | None = None
    hours: int | None = None
    ended_on: date | None = None
    certificate: str = ""
