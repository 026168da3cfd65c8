"""A posting: an opening with its life. Rules only, no I/O.

draft → submitted → published-restricted → published → paused → filled | expired | withdrawn

What the compliance check lets pass is shown at once; what a person must see waits as submitted; what the law forbids stays a
draft with its findings. Paused, filled and expired postings may come back; withdrawn is for good.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from services.jobs.errors import PostingUnlawful, PostingWithdrawn, WrongState
from services.jobs.opening import Opening, overdue, violations
from services.jobs.verdict import Verdict
from services.kernel.errors import FieldError, InvalidInput


class Status(StrEnum):
    """Where a posting is in its life."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RESTRICTED = "published-restricted"
    """Shown to the households of the priority window only."""
    PUBLISHED = "published"
    PAUSED = "paused"
    FILLED = "filled"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


NAMES: Final = {
    Status.DRAFT: "草稿",
    Status.SUBMITTED: "待审核",
    Status.RESTRICTED: "优先期内",
    Status.PUBLISHED: "已发布",
    Status.PAUSED: "已暂停",
    Status.FILLED: "已招满",
    Status.EXPIRED: "已过期",
    Status.WITHDRAWN: "已撤回",
}
OPEN: Final = (Status.RESTRICTED, Status.PUBLISHED)
_LASTING: Final = (*OPEN, Status.PAUSED)


def _refuse(errors: tuple[FieldError, ...]) -> None:
    if errors:
        raise InvalidInput("；".join(error.detail for error in errors), errors=errors)


@dataclass(frozen=True, slots=True)
class Posting:
    """An opening with its identity and version (1 when it is first kept, +1 with every change).

    `reason_code` and `reason` say why it is in its status, since `status_since`. `priority_until`: the last day of its
    priority window. `published_on`: the day it was first shown. `hidden`: its employer is suspended. `sandbox`: for trying
    out an integration, shown to nobody. `duplicate_of`: the posting its vacancies are counted with. `imported_digest`: of the
    sheet's row that was taken last.
    """

    id: str
    version: int
    status: Status
    opening: Opening
    created_at: datetime
    updated_at: datetime
    status_since: datetime
    employer_id: str | None = None
    external_reference: str | None = None
    reason_code: str = ""
    reason: str = ""
    priority_until: date | None = None
    published_on: date | None = None
    hidden: bool = False
    sandbox: bool = False
    duplicate_of: str | None = None
    verdict: Verdict = field(default_factory=Verdict)
    imported_digest: str | None = None

    @property
    def shown(self) -> bool:
        """Whether anybody who looks for work may see it."""
        return self.status in OPEN and not self.hidden and not self.sandbox

    @classmethod
    def draft(cls, posting_id: str, opening: Opening, now: datetime, today: date, **origin: Any) -> "Posting":
        """A new posting that nobody is shown yet; `origin`: employer_id, sandbox, external_reference. Raises InvalidInput."""
        _refuse(violations(opening) + overdue(opening, today))
        return cls(posting_id, 1, Status.DRAFT, opening, now, now, now, **origin)

    @classmethod
    def take_over(
        cls, posting_id: str, opening: Opening, now: datetime, today: date, *, verdict: Verdict, **origin: Any
    ) -> "Posting":
        """A new posting from a sheet's row, which may be expired already. Raises InvalidInput."""
        _refuse(violations(opening))
        new = cls(posting_id, 1, Status.DRAFT, opening, now, now, now, imported_digest=opening.digest(), **origin)
        return _judged(new, verdict, now, today, window_days=0)

    def published_at_once(self, verdict: Verdict, now: datetime, today: date, window_days: int) -> "Posting":
        """A new draft submitted in the same breath: still version 1."""
        return _judged(self, verdict, now, today, window_days)

    def submit(self, verdict: Verdict, now: datetime, today: date, window_days: int) -> "Posting":
        """A draft handed in: shown, waiting for a person, or still a draft with what the law forbids about it.

        `window_days`: so many days, today included, it is for the priority households only. Raises WrongState, InvalidInput."""
        self._only(Status.DRAFT, "提交")
        _refuse(overdue(self.opening, today))
        return _newer(_judged(self, verdict, now, today, window_days))

    def review(self, *, approved: bool, reason: str, now: datetime, today: date, window_days: int) -> "Posting":
        """What a person decided about a submitted posting: it is shown, or goes back as a draft. Raises WrongState."""
        self._only(Status.SUBMITTED, "审核")
        if not approved:
            return _newer(_to(self, Status.DRAFT, now, "returned", reason))
        return _newer(_show(self, now, today, window_days, code="approved", reason=reason))

    def amend(self, changes: dict[str, Any], verdict: Verdict, now: datetime, today: date) -> "Posting":
        """The posting with other terms: field of Opening -> value; itself when nothing differs. A longer `valid_until` brings
        an expired one back.

        Raises PostingWithdrawn, PostingUnlawful (a draft may say what it likes), and InvalidInput; an end that was given
        before may be over, a new one may not.
        """
        if self.status is Status.WITHDRAWN:
            raise PostingWithdrawn()
        opening = replace(self.opening, **changes)
        if opening == self.opening:
            return self
        renewed = opening.valid_until != self.opening.valid_until
        _refuse(violations(opening) + (overdue(opening, today) if renewed else ()))
        if self.status is not Status.DRAFT and verdict.blocks:
            raise PostingUnlawful(verdict)
        return _newer(_with(self, opening, verdict, now, today))

    def take_row(self, opening: Opening, verdict: Verdict, now: datetime, today: date) -> "Posting":
        """The posting as a sheet's row tells it now; itself when the row is the one taken last (so that what was amended here
        since is not undone by an old sheet) or the posting was withdrawn. Raises InvalidInput."""
        if self.imported_digest == opening.digest() or self.status is Status.WITHDRAWN:
            return self
        _refuse(violations(opening))
        taken = replace(self, imported_digest=opening.digest(), updated_at=now)
        if opening == self.opening:
            return taken
        return _newer(_with(taken, opening, verdict, now, today))

    def pause(self, code: str, reason: str, now: datetime) -> "Posting":
        """Shown to nobody for a while. Raises WrongState."""
        self._only(OPEN, "暂停")
        return _newer(_to(self, Status.PAUSED, now, code, reason))

    def resume(self, now: datetime, today: date) -> "Posting":
        """A paused or filled posting shown again. Raises WrongState, InvalidInput when its last day is over."""
        self._only((Status.PAUSED, Status.FILLED), "恢复")
        _refuse(overdue(self.opening, today))
        restricted = self.priority_until is not None and today <= self.priority_until
        return _newer(_to(self, Status.RESTRICTED if restricted else Status.PUBLISHED, now, "resumed", ""))

    def fill(self, reason: str, now: datetime) -> "Posting":
        """Everybody it was for has been found. Raises WrongState."""
        self._only(_LASTING, "标记为已招满")
        return _newer(_to(self, Status.FILLED, now, "filled", reason))

    def withdraw(self, code: str, reason: str, now: datetime) -> "Posting":
        """The posting closed for good; itself when it was closed before."""
        if self.status is Status.WITHDRAWN:
            return self
        return _newer(_to(self, Status.WITHDRAWN, now, code, reason))

    def pass_time(self, now: datetime, today: date) -> "Posting":
        """What the day makes of it: its last day over, or its priority window; itself when neither."""
        if self.status in (*_LASTING, Status.SUBMITTED) and self.opening.expired(today):
            return _newer(_to(self, Status.EXPIRED, now, "expired", ""))
        if self.status is Status.RESTRICTED and (self.priority_until is None or today > self.priority_until):
            return _newer(_to(self, Status.PUBLISHED, now, "window_over", ""))
        return self

    def hide(self, now: datetime, *, hidden: bool) -> "Posting":
        """Hidden with its suspended employer, or shown again with it; itself when it is so already."""
        return self if hidden == self.hidden else _newer(replace(self, hidden=hidden, updated_at=now))

    def counted_with(self, other: str | None, now: datetime) -> "Posting":
        """Its vacancies counted with another posting's, or by themselves again; itself when it is so already."""
        return self if other == self.duplicate_of else _newer(replace(self, duplicate_of=other, updated_at=now))

    def _only(self, allowed: Status | Collection[Status], deed: str) -> None:
        if self.status not in ((allowed,) if isinstance(allowed, Status) else allowed):
            if self.status is Status.WITHDRAWN:
                raise PostingWithdrawn()
            raise WrongState(f"岗位现在是“{NAMES[self.status]}”，不能{deed}")


def _with(posting: Posting, opening: Opening, verdict: Verdict, now: datetime, today: date) -> Posting:
    """The posting with another opening: what was shown may have to wait for a person, or not be shown at all."""
    changed = replace(posting, opening=opening, verdict=verdict, updated_at=now)
    if posting.status is Status.EXPIRED:
        if opening.expired(today):
            return changed
        unseen = verdict.needs_staff or posting.published_on is None
        return _to(changed, Status.SUBMITTED if unseen else Status.PUBLISHED, now, "renewed", "")
    if posting.status is Status.DRAFT or verdict.findings == posting.verdict.findings:
        return changed
    if verdict.blocks:
        return _to(changed, Status.DRAFT, now, "unlawful", "")
    if verdict.needs_staff and posting.status is not Status.SUBMITTED:
        return _to(changed, Status.SUBMITTED, now, "amended", "")
    return changed


def _judged(posting: Posting, verdict: Verdict, now: datetime, today: date, window_days: int) -> Posting:
    judged = replace(posting, verdict=verdict)
    if verdict.blocks:
        return _to(judged, Status.DRAFT, now, "unlawful", "")
    if verdict.needs_staff:
        return _to(judged, Status.SUBMITTED, now, "needs_staff", "")
    return _show(judged, now, today, window_days)


def _show(
    posting: Posting, now: datetime, today: date, window_days: int, *, code: str = "published", reason: str = ""
) -> Posting:
    until = today + timedelta(days=window_days - 1) if window_days else None
    dated = replace(posting, priority_until=until, published_on=posting.published_on or today)
    return _to(dated, Status.RESTRICTED if until else Status.PUBLISHED, now, code, reason)


def _to(posting: Posting, status: Status, now: datetime, code: str, reason: str) -> Posting:
    return replace(posting, status=status, status_since=now, updated_at=now, reason_code=code, reason=reason)


def _newer(posting: Posting) -> Posting:
    return replace(posting, version=posting.version + 1)
