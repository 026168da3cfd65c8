"""What somebody does at present, beside the status code of the profile. Rules only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.workers.violation import Violation

AT_WORK: Final = frozenset({"S3", "S4", "S5"})
"""Employment status codes of who works for pay: in the county, in the province, beyond it (contracts/vocabulary/lists.csv)."""


@dataclass(frozen=True, slots=True)
class Employment:
    """The present employment. `occupation` an id of work, `place_code` GB/T 2260, `wage` CNY per month, `kind`, `channel` and
    `idle_reason` codes of employment_kind, labour_channel and idle_reason; `contract`: whether there is a written one."""

    employer: str = ""
    occupation: str | None = None
    place_code: str | None = None
    place: str = ""
    since: date | None = None
    wage: int | None = None
    kind: str | None = None
    channel: str | None = None
    contract: bool | None = None
    idle_reason: str | None = None

    def violations(self, today: date) -> Iterator[Violation]:
        """What cannot be."""
        if self.since is not None and self.since > today:
            yield Violation("since", "date_to_come", "开始的日期还没有到")
