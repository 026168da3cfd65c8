"""An employer: who offers work, whether staff have seen its papers, and how it stands. Rules only, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, Literal, Self

from services.contracts.vocabulary.tables import spelling
from services.jobs.employers import uscc
from services.kernel.errors import FieldError, InvalidInput

AGENCY: Final = "K04"
"""劳务派遣 and 人力资源: they need a licence (人力资源市场暂行条例 18; 劳动合同法 57)."""
PRIVATE: Final = "K05"
"""个人雇主: takes people through an agency, has no 统一社会信用代码."""

Document = Literal[
    "business_licence",
    "hr_licence",
    "dispatch_licence",
    "recruitment_brief",
    "handler_identity",
    "mandate",
    "institution_certificate",
]
"""What staff have to see: 营业执照, 人力资源服务许可证, 劳务派遣经营许可证, 招聘简章, 经办人身份证件, 委托书,
事业单位法人证书 (人力资源市场暂行条例 18 and 26)."""


class Standing(StrEnum):
    """How an employer stands with the department."""

    NORMAL = "normal"
    WARNED = "warned"
    SUSPENDED = "suspended"
    """Its postings are hidden and it publishes nothing."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What an employer says of itself. `uscc` is its 统一社会信用代码, `kind` an employer_kind code, `division_code` its seat;
    `agency_id`: the agency that a private household hires through."""

    name: str
    uscc: str | None = None
    kind: str | None = None
    division_code: str | None = None
    licence_number: str | None = None
    licence_expires: date | None = None
    agency_id: str | None = None

    @property
    def key(self) -> str:
        """What tells employers apart; a household is known within its agency."""
        return f"{spelling(self.name)}@{self.agency_id}" if self.agency_id else spelling(self.name)


@dataclass(frozen=True, slots=True)
class Verification:
    """That a member of staff saw the papers: who, when, which."""

    by: str
    at: datetime
    documents: tuple[str, ...]


def violations(profile: Profile) -> tuple[FieldError, ...]:
    """What is wrong with what an employer says of itself."""
    found = []
    if profile.uscc is not None and not uscc.valid(profile.uscc):
        found.append(FieldError("/uscc", "bad_uscc", "统一社会信用代码不对，请核对 18 位代码"))
    if profile.kind == PRIVATE and profile.agency_id is None:
        found.append(FieldError("/agency_id", "missing", "个人雇主须通过家政或人力资源机构登记"))
    if profile.kind not in (PRIVATE, None) and profile.uscc is None:
        found.append(FieldError("/uscc", "missing", "请填写统一社会信用代码"))
    if profile.kind == AGENCY and not (profile.licence_number and profile.licence_expires):
        missing = "licence_expires" if profile.licence_number else "licence_number"
        found.append(FieldError(f"/{missing}", "missing", "劳务派遣、人力资源机构请填写许可证编号和有效期"))
    return tuple(found)


def _refuse(errors: tuple[FieldError, ...]) -> None:
    if errors:
        raise InvalidInput("；".join(error.detail for error in errors), errors=errors)


@dataclass(frozen=True, slots=True)
class Employer:
    """An employer with its identity, version and standing. `sandbox`: for trying out an integration; its postings are shown
    to nobody. `blacklisted_until`: the last day on the blacklist."""

    id: str
    version: int
    profile: Profile
    created_at: datetime
    updated_at: datetime
    standing_since: datetime
    sandbox: bool = False
    verification: Verification | None = None
    standing: Standing = Standing.NORMAL
    standing_reason_code: str = ""
    standing_reason: str = ""
    blacklisted_until: date | None = None
    blacklist_reason: str = ""

    @property
    def suspended(self) -> bool:
        """Whether its postings are hidden."""
        return self.standing is Standing.SUSPENDED or self.blacklisted_until is not None

    @classmethod
    def register(cls, employer_id: str, profile: Profile, now: datetime, *, sandbox: bool) -> Self:
        """A new employer that gave its particulars. Raises InvalidInput."""
        _refuse(violations(profile))
        return cls(employer_id, 1, profile, now, now, now, sandbox=sandbox)

    @classmethod
    def mentioned(cls, employer_id: str, profile: Profile, now: datetime) -> Self:
        """One that is known by a posting only: its name and what sort it is."""
        return cls(employer_id, 1, profile, now, now, now)

    def amend(self, changes: Mapping[str, Any], now: datetime) -> Self:
        """Other particulars; itself when nothing differs. Papers that were seen for others must be seen again.
        Raises InvalidInput."""
        profile = replace(self.profile, **changes)
        if profile == self.profile:
            return self
        _refuse(violations(profile))
        proven = ("name", "uscc", "kind", "licence_number", "licence_expires")
        same = all(getattr(profile, name) == getattr(self.profile, name) for name in proven)
        return self._next(now, profile=profile, verification=self.verification if same else None)

    def verify(self, by: str, documents: tuple[str, ...], now: datetime) -> Self:
        """Its papers were seen. Raises InvalidInput when its particulars are not complete."""
        _refuse(violations(self.profile))
        return self._next(now, verification=Verification(by, now, documents))

    def stand(self, standing: Standing, code: str, reason: str, now: datetime) -> Self:
        """Warned, suspended, or normal again; itself when it stands so already."""
        if standing is self.standing:
            return self
        return self._next(now, standing=standing, standing_reason_code=code, standing_reason=reason, standing_since=now)

    def blacklist(self, until: date, reason: str, now: datetime, today: date) -> Self:
        """Put on the blacklist through that day. Raises InvalidInput for a day that is over."""
        if until < today:
            _refuse((FieldError("/until", "in_the_past", f"截止日期不能早于今天（{today.isoformat()}）"),))
        return self._next(now, blacklisted_until=until, blacklist_reason=reason)

    def unlist(self, now: datetime) -> Self:
        """Off the blacklist; itself when it is not on it."""
        return self if self.blacklisted_until is None else self._next(now, blacklisted_until=None, blacklist_reason="")

    def _next(self, now: datetime, **changes: Any) -> Self:
        return replace(self, version=self.version + 1, updated_at=now, **changes)
