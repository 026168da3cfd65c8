"""A posting: an opening that an employer offers, and its life. Rules only, no I/O."""

import hashlib
import json
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, Self

from services.contracts.events import PostingWords
from services.contracts.vocabulary.tables import spelling
from services.jobs.errors import PostingWithdrawn
from services.kernel.errors import FieldError, InvalidInput

LARGEST_HEADCOUNT: Final = 10_000
LARGEST_PAY: Final = 1_000_000


class Status(StrEnum):
    """Where a posting is in its life. Whether it has expired is told by its `valid_until` and the day."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Opening:
    """What an employer offers. Codes are those of contracts/vocabulary, None when unknown; the words stand beside them.

    `number` is the sheet's 岗位编号 ("" if it has none); `place` the place in the employer's words; pay in CNY per month as
    the columns state it; `valid_until` the last day.
    """

    employer_name: str
    title: str
    province_code: str
    headcount: int
    city_code: str | None = None
    district_code: str | None = None
    place: str = ""
    number: str = ""
    employer_kind: str | None = None
    employer_kind_text: str = ""
    pay_min: float | None = None
    pay_max: float | None = None
    valid_until: date | None = None
    source: str | None = None
    source_text: str = ""
    words: PostingWords = field(default_factory=PostingWords)

    @property
    def employer_key(self) -> str:
        """The employer's name in one spelling: what tells employers apart."""
        return spelling(self.employer_name)

    @property
    def division_code(self) -> str:
        """Where the work is, as deep as it is known."""
        return self.district_code or self.city_code or self.province_code

    def expired(self, today: date) -> bool:
        """Whether the last day is over."""
        return self.valid_until is not None and self.valid_until < today

    def digest(self) -> str:
        """A hash of everything the opening says: equal for equal openings."""
        said = {part.name: getattr(self, part.name) for part in fields(self) if part.name != "words"}
        said |= self.words.model_dump()
        # What is not said is left out, so that a field that is added later does not change what was taken before.
        told = {name: str(value) for name, value in said.items() if value not in (None, "")}
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def differences(before: Opening, after: Opening) -> tuple[str, ...]:
    """The names of the fields that differ, own words as `words.lodging`."""
    names = (part.name for part in fields(before) if part.name != "words")
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    said, now = before.words.model_dump(), after.words.model_dump()
    return (*changed, *(f"words.{name}" for name in said if said[name] != now[name]))


def violations(opening: Opening) -> tuple[FieldError, ...]:
    """What is impossible about an opening, field by field; its end is judged by `overdue`."""
    found = []
    if not 1 <= opening.headcount <= LARGEST_HEADCOUNT:
        found.append(FieldError("/headcount", "out_of_range", f"招聘人数应在 1 到 {LARGEST_HEADCOUNT} 之间"))
    for name, pay in (("pay_min", opening.pay_min), ("pay_max", opening.pay_max)):
        if pay is not None and not 0 <= pay <= LARGEST_PAY:
            found.append(FieldError(f"/{name}", "out_of_range", f"月薪应在 0 到 {LARGEST_PAY} 元之间"))
    if opening.pay_min is not None and opening.pay_max is not None and opening.pay_min > opening.pay_max:
        found.append(FieldError("/pay_max", "below_minimum", "月薪上限不能低于下限"))
    return tuple(found)


def overdue(opening: Opening, today: date) -> tuple[FieldError, ...]:
    """What is wrong with the end of an opening that is offered today."""
    if not opening.expired(today):
        return ()
    return (FieldError("/valid_until", "in_the_past", f"有效期至不能早于今天（{today.isoformat()}）"),)


def _refuse(errors: tuple[FieldError, ...]) -> None:
    if errors:
        raise InvalidInput("；".join(error.detail for error in errors), errors=errors)


@dataclass(frozen=True, slots=True)
class Posting:
    """An opening with its identity and version (1 when published, +1 with every change)."""

    id: str
    version: int
    status: Status
    opening: Opening
    created_at: datetime
    updated_at: datetime
    withdrawn_at: datetime | None = None
    withdrawal_reason: str = ""
    employer_id: str | None = None
    """Who owns it: the employer that published it; None when none is known."""
    imported_digest: str | None = None
    """The digest of the sheet's row that was taken last, None if it never came from a sheet."""

    @classmethod
    def publish(cls, posting_id: str, opening: Opening, now: datetime, today: date, *, employer_id: str | None = None) -> Self:
        """A new posting, owned by that employer. Raises InvalidInput."""
        _refuse(violations(opening) + overdue(opening, today))
        return cls(posting_id, 1, Status.PUBLISHED, opening, now, now, employer_id=employer_id)

    @classmethod
    def take_over(cls, posting_id: str, opening: Opening, now: datetime, *, employer_id: str | None = None) -> Self:
        """A new posting from a sheet's row, which may be expired already. Raises InvalidInput."""
        _refuse(violations(opening))
        return cls(
            posting_id, 1, Status.PUBLISHED, opening, now, now, employer_id=employer_id, imported_digest=opening.digest()
        )

    def amend(self, changes: dict[str, Any], now: datetime, today: date) -> Self:
        """The posting with other terms: field of Opening -> value; itself when nothing differs.

        Raises PostingWithdrawn, and InvalidInput; an end that was given before may be over, a new one may not.
        """
        if self.status is Status.WITHDRAWN:
            raise PostingWithdrawn()
        opening = replace(self.opening, **changes)
        if opening == self.opening:
            return self
        renewed = opening.valid_until != self.opening.valid_until
        _refuse(violations(opening) + (overdue(opening, today) if renewed else ()))
        return replace(self, version=self.version + 1, opening=opening, updated_at=now)

    def take_row(self, opening: Opening, now: datetime) -> Self:
        """The posting as a sheet's row tells it now; itself when the row is the one taken last (so that what was amended here
        since is not undone by an old sheet) or the posting was withdrawn. Raises InvalidInput."""
        if self.imported_digest == opening.digest() or self.status is Status.WITHDRAWN:
            return self
        _refuse(violations(opening))
        version = self.version if opening == self.opening else self.version + 1
        return replace(self, version=version, opening=opening, updated_at=now, imported_digest=opening.digest())

    def withdraw(self, reason: str, now: datetime) -> Self:
        """The posting closed for good; itself when it was closed before."""
        if self.status is Status.WITHDRAWN:
            return self
        return replace(
            self,
            version=self.version + 1,
            status=Status.WITHDRAWN,
            updated_at=now,
            withdrawn_at=now,
            withdrawal_reason=reason,
        )
