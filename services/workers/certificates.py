"""A certificate in somebody's hand. Rules only."""

from dataclasses import dataclass
from datetime import date


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
