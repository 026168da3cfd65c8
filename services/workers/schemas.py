"""Requests and responses of /v1/workers."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final, Self

from pydantic import Field, field_validator, model_validator

from services.contracts.vocabulary import divisions
from services.kernel.http.models import RequestModel, ResponseModel
from services.kernel.http.validation import refusal
from services.kernel.vault.masking import blot, mask_identity_number, mask_name, mask_phone
from services.workers.consents.consent import How
from services.workers.fields import (
    CountyCode,
    Education,
    EmploymentStatus,
    Ethnicity,
    HouseholdCategory,
    IdentityNumber,
    LongText,
    Mandarin,
    Name,
    Phone,
    ShortText,
    Willingness,
)
from services.workers.identity_number import Sex
from services.workers.named_people import people_named
from services.workers.notices import days_since, notices
from services.workers.profile import Basis, State, Worker, age_on, said
from services.workers.quality.schemas import ProfileQuality
from services.workers.stated_schemas import StatedFields, StatedView


class WorkerTexts(RequestModel):
    """The worker's own words, field by field; "" when not said."""

    city: LongText = ""
    county: LongText = ""
    ethnicity: LongText = ""
    household: LongText = ""
    relocated: LongText = ""
    education: LongText = ""
    health: LongText = ""
    mandarin: LongText = ""
    employment_status: LongText = ""
    willingness: LongText = ""
    care_duties: LongText = ""
    certificates: LongText = ""
    training: LongText = ""
    experience: LongText = ""
    intention_places: LongText = ""
    intention_occupations: LongText = ""
    intention_pay: LongText = ""
    lodging: LongText = ""
    start: LongText = ""
    companions: LongText = ""
    training_wish: LongText = ""
    remark: LongText = ""


class NewWorker(RequestModel):
    """A person to register. Words may stand beside or instead of a code; a code is looked up from the words when not given."""

    name: Name
    identity_number: IdentityNumber
    county_code: CountyCode
    sex: Sex | None = Field(None, description="only to check the identity number against")
    phone: Phone = ""
    number: ShortText = Field("", description="序号 in the register it comes from")
    township: ShortText = ""
    household_category: HouseholdCategory | None = None
    relocated: bool | None = Field(None, strict=True)
    education: Education | None = None
    mandarin: Mandarin | None = None
    employment_status: EmploymentStatus | None = None
    willingness: Willingness | None = None
    ethnicity: Ethnicity | None = Field(None, description="for statistics only")
    stated: StatedFields | None = None
    words: WorkerTexts = WorkerTexts()
    basis: Basis = "statutory_register"
    consent_how: How | None = Field(None, description="how the person agreed to be registered, where consent is the basis")

    @model_validator(mode="after")
    def _consented(self) -> Self:
        if (self.basis == "consent") != (self.consent_how is not None):
            raise refusal("consent_how", "以本人同意为登记依据时，要写明是怎样同意的（paper、kiosk 或 staff）；否则不写")
        return self


_NEVER_EMPTY: Final = ("name", "identity_number", "county_code", "phone", "number", "township", "stated", "words")


class WorkerChanges(RequestModel):
    """What to amend (JSON merge patch, RFC 7396): a field left out stays, null clears what may be unknown."""

    name: Name | None = None
    identity_number: IdentityNumber | None = None
    county_code: CountyCode | None = None
    phone: Phone | None = Field(None, description='"" for none')
    number: ShortText | None = None
    township: ShortText | None = None
    household_category: HouseholdCategory | None = None
    relocated: bool | None = Field(None, strict=True)
    education: Education | None = None
    mandarin: Mandarin | None = None
    employment_status: EmploymentStatus | None = None
    willingness: Willingness | None = None
    ethnicity: Ethnicity | None = None
    stated: StatedFields | None = None
    words: WorkerTexts | None = None

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


class Withdrawal(RequestModel):
    """Why a person leaves the register, for those who look later."""

    reason: str = Field("", max_length=200)


class WorkerSummary(ResponseModel):
    """A worker in a list: name, identity number and phone masked."""

    id: str
    version: int
    state: State
    number: str
    name: str = Field(examples=["张**"])
    identity_number: str = Field(examples=["5301**********1234"])
    phone: str = Field(examples=["138****5678"])
    age: int
    county_code: str
    county_name: str
    township: str
    household_category: str | None
    relocated: bool | None
    education: str | None
    mandarin: str | None
    employment_status: str | None
    willingness: str | None
    intention_confirmed_on: date | None
    intention_age_days: int | None = Field(description="days since the intention was last told or confirmed; null: never known")
    changed_at: datetime

    @classmethod
    def of(cls, worker: Worker, today: date) -> Self:
        """The summary of a worker, the age as of `today`."""
        return cls(**_summary(worker, today))


class TravelGroupView(ResponseModel):
    """The group that a person wants to go with."""

    id: str
    kind: str
    must: bool
    size: int


class Notice(ResponseModel):
    """What a clerk should know when looking at a record: a stable code and a Chinese sentence."""

    code: str
    detail: str


class WorkerView(WorkerSummary):
    """A worker as it is read: identifiers masked, and blotted out of the words."""

    sex: Sex
    birth_date: date
    basis: Basis
    source: str
    ethnicity: str | None
    stated: StatedView
    words: dict[str, str]
    travel_group: TravelGroupView | None
    minor_until: date | None = Field(description="the eighteenth birthday of a 未成年工: before it no hazardous work")
    quality: ProfileQuality
    notices: Sequence[Notice]
    registered_at: datetime
    withdrawn_at: datetime | None
    withdrawal_reason: str

    @classmethod
    def of(cls, worker: Worker, today: date) -> Self:
        """The view of a worker, the age as of `today`."""
        profile, facts = worker.profile, worker.profile.identity
        words = said(profile.words)
        names = [profile.name, *people_named(words.values())]
        return cls(
            **_summary(worker, today),
            sex=facts.sex,
            birth_date=facts.birth_date,
            basis=worker.basis,
            source=worker.source,
            ethnicity=profile.ethnicity,
            stated=StatedView.model_validate(profile.stated),
            words={name: blot(text, names) for name, text in words.items()},
            travel_group=profile.travel_group and TravelGroupView.model_validate(profile.travel_group),
            minor_until=profile.minor_until(today),
            quality=ProfileQuality.of(profile),
            notices=[Notice(**asdict(one)) for one in notices(profile, today)],
            registered_at=worker.registered_at,
            withdrawn_at=worker.withdrawn_at,
            withdrawal_reason=worker.withdrawal_reason,
        )


class WorkerCounts(ResponseModel):
    """`workers` registered, `withdrawn` since, `unpublished` changes that wait for the stream (lag of the hop store → bus)."""

    workers: int
    withdrawn: int
    unpublished: int


_COPIED: Final = (
    "number",
    "county_code",
    "township",
    "household_category",
    "relocated",
    "education",
    "mandarin",
    "employment_status",
    "willingness",
)


def _summary(worker: Worker, today: date) -> dict[str, Any]:
    profile = worker.profile
    return {
        **{name: getattr(profile, name) for name in _COPIED},
        "id": worker.id,
        "version": worker.version,
        "state": worker.state,
        "name": mask_name(profile.name),
        "identity_number": mask_identity_number(profile.identity_number),
        "phone": mask_phone(profile.phone),
        "age": age_on(today, profile.identity.birth_date),
        "county_name": divisions.load().full_name(profile.county_code),
        "intention_confirmed_on": profile.intention_confirmed_on,
        "intention_age_days": days_since(profile.intention_confirmed_on, today),
        "changed_at": worker.changed_at,
    }
