"""A certificate in somebody's hand. Rules only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.workers.violation import Violation


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate by its canonical name (contracts/vocabulary/certificates.csv).

    `level` 5 (lowest) to 1 (highest); `branch` as the text room reads it (C1, A, T …); `number` is the holder's and is never
    told to another service; `expires_on` is the last day on which it counts, None when it lasts or nobody knows;
    `verified_by` names the principal who saw the paper, "" when nobody has.
    """

    name: str
    level: int | None = None
    branch: str = ""
    number: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    verified_by: str = ""
    verified_on: date | None = None

    def lapsed(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.expires_on is not None and self.expires_on < today

    def expiring(self, today: date, within_days: int) -> bool:
        """Whether it still counts but not for longer than `within_days` days."""
        return self.expires_on is not None and 0 <= (self.expires_on - today).days <= within_days

    def same_paper(self, other: "Certificate") -> bool:
        """Whether both tell of one paper, so that who verified the one has verified the other."""
        return (self.name, self.level, self.branch, self.number) == (other.name, other.level, other.branch, other.number)

    def violations(self, today: date) -> Iterator[Violation]:
        """What cannot be."""
        if self.issued_on is not None and self.issued_on > today:
            yield Violation("issued_on", "date_to_come", "发证日期还没有到")
        if self.issued_on is not None and self.expires_on is not None and self.expires_on < self.issued_on:
            yield Violation("expires_on", "ends_before_it_begins", "有效期早于发证日期")
