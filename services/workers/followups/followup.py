"""The aggregate: how one worker is followed up. Rules only.

A reminder is not a record of its own but the day on which the next contact is due: the next contact ends it, and so does
leaving the register. Nothing has to be ticked off, nothing can be forgotten to be.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from services.workers.violation import Violation

NOT_REACHED: Final = frozenset({"FU01", "FU18"})
"""Outcomes of trying without speaking to the person: 未联系, 失联."""
CLOSING: Final = frozenset({"FU22", "FU23"})
"""死亡或户籍注销; 拒绝继续跟踪, after which nobody may go on (PIPL 15 and 47)."""
NEEDS_NOTE: Final = frozenset({"FU19"})
"""无就业意愿: why is to be noted (followup_status.csv)."""
LAST_NOTHING_DUE: Final = frozenset({"FU09", "FU20", "FU21"})
"""After half a year in the job, or out of the labour force, nothing more is due by itself."""
NEXT_DAYS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("FU03", "FU05"), 3),
    **dict.fromkeys(("FU01", "FU02", "FU04", "FU11"), 7),
    **dict.fromkeys(("FU13", "FU18"), 14),
    **dict.fromkeys(("FU06", "FU10", "FU15"), 30),
    "FU07": 60,
    **dict.fromkeys(("FU08", "FU12", "FU14", "FU16", "FU17", "FU19"), 90),
}
"""Days to the next contact after an outcome, where the caller says nothing: the bureaus' practice. FU06 to FU09 lead to the
first, third and sixth month in the job, which awards and subsidies ask to be confirmed (云南 2020)."""


UNTOUCHED: Final = "FU01"
"""未联系: how everybody begins."""


class FollowUpClosed(Exception):
    """The person has died or does not want to be followed up: nobody may go on."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact, or an attempt. `channel`, `outcome` are codes of contact_channel and followup_status; `by` is who made it
    (a cadre's or principal's id); `next_on` None: nothing is due."""

    id: str
    on: date
    channel: str
    outcome: str
    note: str = field(repr=False)
    next_on: date | None
    by: str

    def violations(self, today: date) -> Iterator[Violation]:
        """What cannot be."""
        if self.on > today:
            yield Violation("on", "date_to_come", "联系日期还没有到")
        if self.next_on is not None and self.next_on <= self.on:
            yield Violation("next_on", "ends_before_it_begins", "下次联系应在这次之后")
        if self.next_on is not None and self.outcome in CLOSING:
            yield Violation("next_on", "nothing_due_after_closing", "已终止跟踪的，不再安排下次联系")
        if self.outcome in NEEDS_NOTE and not self.note:
            yield Violation("note", "note_needed", "无就业意愿的，须写明原因")


def usual_next(outcome: str, on: date) -> date | None:
    """The day on which the next contact is usually due after this outcome; None where nothing is."""
    days = NEXT_DAYS.get(outcome)
    return on + timedelta(days=days) if days is not None else None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How a worker is followed up: by whom, with which result at last, and when the next contact is due.

    `misses`: attempts in a row that did not reach the person.
    """

    worker_id: str
    status: str = UNTOUCHED
    cadre_id: str | None = None
    last_contact_on: date | None = None
    next_on: date | None = None
    misses: int = 0

    @property
    def closed(self) -> bool:
        """Whether nobody may go on."""
        return self.status in CLOSING

    def assigned(self, cadre_id: str | None) -> "FollowUp":
        """Looked after by another, or (None) by nobody. Raises FollowUpClosed."""
        self._open()
        return replace(self, cadre_id=cadre_id)

    def contacted(self, contact: Contact) -> "FollowUp":
        """After a contact. One that is entered late, after a later one, changes nothing. Raises FollowUpClosed."""
        self._open()
        if self.last_contact_on is not None and contact.on < self.last_contact_on:
            return self
        return replace(
            self,
            status=contact.outcome,
            last_contact_on=contact.on,
            next_on=contact.next_on,
            misses=self.misses + 1 if contact.outcome in NOT_REACHED else 0,
        )

    def postponed(self, next_on: date) -> "FollowUp":
        """The next contact on another day. Raises FollowUpClosed."""
        self._open()
        return replace(self, next_on=next_on)

    def resumed(self) -> "FollowUp":
        """Begun anew with a person who registers again: the history stays, nobody is responsible, nothing is due."""
        return FollowUp(self.worker_id)

    def overdue_days(self, today: date) -> int:
        """Days since the contact was due; 0 when it is not due or due today."""
        return max((today - self.next_on).days, 0) if self.next_on is not None else 0

    def _open(self) -> None:
        if self.closed:
            raise FollowUpClosed
