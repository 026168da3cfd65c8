"""What is stated in structure, as requests give it and answers tell it."""

from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, Field, TypeAdapter, model_validator

from services.kernel.http.models import Day, RequestModel, ResponseModel, Whole
from services.kernel.http.validation import refusal
from services.workers.certificates import Certificate
from services.workers.fields import (
    CertificateName,
    EmployerKind,
    EmploymentKind,
    IdleReason,
    LabourChannel,
    Language,
    PlaceCode,
    ShortText,
    Wage,
    WorkId,
    WorkLimit,
)
from services.workers.intentions.intention import Intention
from services.workers.stated import Stated

_MOST: Final = 30


def _distinct(items: tuple[Any, ...] | None) -> tuple[Any, ...] | None:
    if items is not None and len(set(items)) < len(items):
        raise refusal("repeated", "同一项填了两次")
    return items


Works = Annotated[tuple[WorkId, ...] | None, Field(None, max_length=_MOST), AfterValidator(_distinct)]
Places = Annotated[tuple[PlaceCode, ...] | None, Field(None, max_length=_MOST), AfterValidator(_distinct)]
Months = Annotated[
    tuple[Annotated[Whole, Field(ge=1, le=12)], ...] | None,
    Field(None, max_length=12, description="months that are needed at home"),
    AfterValidator(_distinct),
]
Stance = Literal["wants", "accepts", "refuses"]


class CompanionFields(RequestModel):
    """With whom somebody would go; `must`: will not go without."""

    kind: Literal["spouse", "child", "kin", "villagers"]
    must: bool = Field(False, strict=True)


class IntentionFields(RequestModel):
    """What somebody wants, in structure. A field left out stays, null is "not stated": then the words count."""

    occupations: Works
    occupations_refused: Works
    places: Places
    places_refused: Places
    reach: Literal["home", "county", "province", "anywhere"] | None = None
    pay_floor: Wage | None = None
    lodging: Literal["needed", "own"] | None = None
    live_in: Stance | None = None
    nights: Stance | None = None
    companions: tuple[CompanionFields, ...] | None = Field(None, max_length=4)
    earliest_start: Day | None = None
    blocked_months: Months
    training_wish: bool | None = Field(None, strict=True)
    training_occupations: Works


class CertificateFields(RequestModel):
    """A certificate. `verified`: the paper was seen by the caller; left out, it stays as it was."""

    name: CertificateName
    level: Annotated[Whole, Field(ge=1, le=5)] | None = None
    branch: ShortText = ""
    number: ShortText = ""
    issued_on: Day | None = None
    expires_on: Day | None = None
    verified: bool | None = Field(None, strict=True)


class ExperienceFields(RequestModel):
    """Work once done; a month is given as its first day."""

    occupation: WorkId
    place_code: PlaceCode | None = None
    since: Day | None = None
    until: Day | None = None
    employer_kind: EmployerKind | None = None
    wage: Wage | None = None


class TrainingFields(RequestModel):
    """A course done."""

    course: Annotated[str, Field(min_length=1, max_length=100)]
    occupation: WorkId | None = None
    hours: Annotated[Whole, Field(ge=1, le=10_000)] | None = None
    ended_on: Day | None = None
    certificate: ShortText = ""


class EmploymentFields(RequestModel):
    """The present employment, beside the status code."""

    employer: Annotated[str, Field(max_length=200)] = ""
    occupation: WorkId | None = None
    place_code: PlaceCode | None = None
    place: Annotated[str, Field(max_length=200)] = ""
    since: Day | None = None
    wage: Wage | None = None
    kind: EmploymentKind | None = None
    channel: LabourChannel | None = None
    contract: bool | None = Field(None, strict=True)
    idle_reason: IdleReason | None = None


class StatedFields(RequestModel):
    """What is stated in structure. A field left out stays; null is "not stated", then the words count; [] is "none at all"."""

    village: ShortText = ""
    languages: Annotated[tuple[Language, ...] | None, Field(None, max_length=_MOST), AfterValidator(_distinct)]
    certificates: tuple[CertificateFields, ...] | None = Field(None, max_length=_MOST)
    training: tuple[TrainingFields, ...] | None = Field(None, max_length=_MOST)
    experience: tuple[ExperienceFields, ...] | None = Field(None, max_length=_MOST)
    employment: EmploymentFields | None = None
    health_limits: Annotated[tuple[WorkLimit, ...] | None, Field(None, max_length=_MOST), AfterValidator(_distinct)]
    intention: IntentionFields | None = Field(None, description="null: nothing of it is stated any more")

    @model_validator(mode="after")
    def _one_paper_once(self) -> Self:
        papers = [(held.name, held.branch, held.level) for held in self.certificates or ()]
        if len(set(papers)) < len(papers):
            raise refusal("repeated", "同一个证书填了两次")
        return self

    def laid_over(self, held: Stated, actor: str, today: date) -> Stated:
        """What is held with what this request gives; `actor` has seen the papers that it says are verified."""
        given = self.model_dump(exclude_unset=True, exclude={"intention", "certificates"})
        if "intention" in self.model_fields_set:
            given["intention"] = laid_over(self.intention, held.intention)
        if "certificates" in self.model_fields_set:
            given["certificates"] = _certificates(self.certificates, held.certificates or (), actor, today)
        return _STATED.validate_python({name: getattr(held, name) for name in _NAMES} | given)


_STATED: Final = TypeAdapter(Stated)
_INTENTION: Final = TypeAdapter(Intention)
_NAMES: Final = tuple(StatedFields.model_fields)


def laid_over(fields: IntentionFields | None, held: Intention) -> Intention:
    """The intention that is held with the fields that a request gives."""
    if fields is None:
        return Intention()
    given = fields.model_dump(exclude_unset=True)
    return _INTENTION.validate_python({name: getattr(held, name) for name in IntentionFields.model_fields} | given)


def _certificates(
    given: tuple[CertificateFields, ...] | None, held: tuple[Certificate, ...], actor: str, today: date
) -> tuple[Certificate, ...] | None:
    return None if given is None else tuple(_certificate(one, held, actor, today) for one in given)


def _certificate(given: CertificateFields, held: tuple[Certificate, ...], actor: str, today: date) -> Certificate:
    paper = Certificate(**given.model_dump(exclude={"verified"}))
    before = next((one for one in held if one.verified_by and one.same_paper(paper)), None)
    if given.verified is False or (before is None and given.verified is None):
        return paper
    seen = (before.verified_by, before.verified_on) if before is not None else (actor, today)
    return Certificate(**given.model_dump(exclude={"verified"}), verified_by=seen[0], verified_on=seen[1])


class CompanionView(ResponseModel):
    kind: str
    must: bool


class IntentionView(ResponseModel):
    """What was stated of an intention; null: the words count."""

    occupations: tuple[str, ...] | None
    occupations_refused: tuple[str, ...] | None
    places: tuple[str, ...] | None
    places_refused: tuple[str, ...] | None
    reach: str | None
    pay_floor: int | None
    lodging: str | None
    live_in: str | None
    nights: str | None
    companions: tuple[CompanionView, ...] | None
    earliest_start: date | None
    blocked_months: tuple[int, ...] | None
    training_wish: bool | None
    training_occupations: tuple[str, ...] | None


class CertificateView(ResponseModel):
    name: str
    level: int | None
    branch: str
    number: str
    issued_on: date | None
    expires_on: date | None
    verified_by: str
    verified_on: date | None


class ExperienceView(ResponseModel):
    occupation: str
    place_code: str | None
    since: date | None
    until: date | None
    employer_kind: str | None
    wage: int | None


class TrainingView(ResponseModel):
    course: str
    occupation: str | None
    hours: int | None
    ended_on: date | None
    certificate: str


class EmploymentView(ResponseModel):
    employer: str
    occupation: str | None
    place_code: str | None
    place: str
    since: date | None
    wage: int | None
    kind: str | None
    channel: str | None
    contract: bool | None
    idle_reason: str | None


class StatedView(ResponseModel):
    """What is stated in structure beside the words; null: nobody stated it, the words count."""

    village: str
    languages: tuple[str, ...] | None
    certificates: tuple[CertificateView, ...] | None
    training: tuple[TrainingView, ...] | None
    experience: tuple[ExperienceView, ...] | None
    employment: EmploymentView | None
    health_limits: tuple[str, ...] | None
    intention: IntentionView
