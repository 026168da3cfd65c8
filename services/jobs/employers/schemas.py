"""Requests and responses of /v1/employers."""

from datetime import date, datetime
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from services.contracts.vocabulary import codes
from services.jobs.employers import uscc
from services.jobs.employers.employer import Document, Employer, Standing
from services.jobs.schemas import EmployerId, EmployerKind, Name, ShortText
from services.jobs.terms import Code, DivisionCode, one_of
from services.kernel.http.models import Day, RequestModel, ResponseModel
from services.kernel.http.validation import refusal

Uscc = Annotated[str, Field(max_length=30, description="统一社会信用代码"), AfterValidator(uscc.tidied)]
Licence = Annotated[str, Field(min_length=1, max_length=60, description="人力资源服务许可证 or 劳务派遣经营许可证")]
_NEVER_EMPTY: Final = ("name",)


class NewEmployer(RequestModel):
    """Somebody who offers work."""

    name: Name
    uscc: Uscc | None = None
    kind: EmployerKind
    division_code: DivisionCode | None = None
    licence_number: Licence | None = None
    licence_expires: Day | None = None
    agency_id: EmployerId | None = Field(None, description="个人雇主: the agency it hires through")
    sandbox: bool = Field(False, description="for trying out an integration: its postings are shown to nobody")


class EmployerChanges(RequestModel):
    """What to amend (JSON merge patch, RFC 7396)."""

    name: Name | None = None
    uscc: Uscc | None = None
    kind: EmployerKind | None = None
    division_code: DivisionCode | None = None
    licence_number: Licence | None = None
    licence_expires: Day | None = None
    agency_id: EmployerId | None = None

    @field_validator(*_NEVER_EMPTY, mode="after")
    @classmethod
    def _not_null(cls, value: Any) -> Any:
        if value is None:
            raise refusal("null_not_allowed", "不能为空")
        return value

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise refusal("nothing_to_change", "没有要修改的内容")
        return self


class NewVerification(RequestModel):
    """The papers that were seen."""

    documents: list[Document] = Field(min_length=1, max_length=10)


class NewStanding(RequestModel):
    """How it stands from now on, and why."""

    standing: Standing
    reason_code: Annotated[Code, one_of(codes.STANDING_REASONS, "处理原因")]
    reason: ShortText = ""


class Blacklisting(RequestModel):
    """On the blacklist through that day."""

    until: Day
    reason: Annotated[str, Field(min_length=1, max_length=200)]


class ContactPerson(RequestModel):
    """Whom to turn to for what."""

    role: Annotated[Code, one_of(codes.CONTACT_ROLES, "联系人角色")]
    name: Annotated[str, Field(min_length=1, max_length=40)]
    phone: Annotated[str, Field(max_length=40)] = ""
    other: ShortText = ""


class Contacts(RequestModel):
    """All contacts, in place of those before."""

    contacts: list[ContactPerson] = Field(max_length=20)


class ContactPersonView(ResponseModel):
    """Whom to turn to for what."""

    role: str
    name: str
    phone: str
    other: str


class ContactsView(ResponseModel):
    """An employer's contacts."""

    contacts: list[ContactPersonView]


class EmployerView(ResponseModel):
    """An employer as it is read."""

    id: str
    version: int
    name: str
    uscc: str | None
    kind: str | None
    division_code: str | None
    licence_number: str | None
    licence_expires: date | None
    agency_id: str | None
    sandbox: bool
    verified_at: datetime | None
    verified_by: str | None
    verified_documents: list[str]
    standing: Standing
    standing_since: datetime
    standing_reason_code: str
    standing_reason: str
    blacklisted_until: date | None
    blacklist_reason: str
    suspended: bool = Field(description="its postings are hidden: suspended or on the blacklist")
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, employer: Employer) -> Self:
        """The view of an employer."""
        seen = employer.verification
        return cls(
            verified_at=seen and seen.at,
            verified_by=seen and seen.by,
            verified_documents=list(seen.documents) if seen else [],
            suspended=employer.suspended,
            **{name: getattr(employer.profile, name) for name in _PROFILE},
            **{name: getattr(employer, name) for name in _OWN},
        )


_PROFILE: Final = ("name", "uscc", "kind", "division_code", "licence_number", "licence_expires", "agency_id")
_OWN: Final = tuple(name for name in EmployerView.model_fields if name in Employer.__dataclass_fields__)
