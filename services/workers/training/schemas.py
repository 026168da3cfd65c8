"""Requests and responses of /v1/training."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from services.contracts.vocabulary import divisions
from services.kernel.http.models import Day, RequestModel, ResponseModel, Whole
from services.kernel.http.validation import refusal
from services.kernel.text.facts import work_lexicon
from services.workers.fields import CertificateName, PlaceCode, ShortText, WorkId
from services.workers.training.course import Course, CourseState, Result

Title = Annotated[str, Field(min_length=1, max_length=100)]
Provider = Annotated[str, Field(max_length=200)]
Hours = Annotated[Whole, Field(ge=1, le=2000)]
Seats = Annotated[Whole, Field(ge=1, le=1000)]
Subsidy = Annotated[Whole, Field(ge=0, le=1000, description="CNY per day and person")]


class NewCourse(RequestModel):
    """A course to hold."""

    title: Title
    occupation: WorkId
    provider: Provider = ""
    division_code: PlaceCode
    place: Provider = ""
    starts_on: Day
    ends_on: Day
    hours: Hours
    seats: Seats
    subsidy: Subsidy = 0
    certificate: CertificateName | None = None
    brand_id: ShortText | None = None


class CourseChanges(RequestModel):
    """What to amend (RFC 7396): a field left out stays. `state` cancelled: the course is not held."""

    title: Title | None = None
    provider: Provider | None = None
    place: Provider | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    hours: Hours | None = None
    seats: Seats | None = None
    subsidy: Subsidy | None = None
    state: CourseState | None = None

    @field_validator("*", mode="after")
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


class CourseView(ResponseModel):
    """A course; `taken` seats of `seats`."""

    id: str
    version: int
    state: CourseState
    title: str
    occupation: str
    occupation_name: str
    provider: str
    division_code: str
    division_name: str
    place: str
    starts_on: date
    ends_on: date
    hours: int
    seats: int
    taken: int
    subsidy: int
    certificate: str
    brand_id: str | None
    changed_at: datetime

    @classmethod
    def of(cls, course: Course, taken: int) -> Self:
        """The view of a course."""
        names = {
            "occupation_name": work_lexicon.labels().get(course.occupation, course.occupation),
            "division_name": divisions.load().full_name(course.division_code),
        }
        told = {name: getattr(course, name) for name in cls.model_fields if name not in (*names, "taken")}
        return cls(**told, **names, taken=taken)


WorkerIds = Annotated[list[ShortText], Field(min_length=1, max_length=200, description="explicit ids")]


class Enrolling(RequestModel):
    """Who is to take part."""

    worker_ids: WorkerIds


class PaperFields(RequestModel):
    """The certificate as it was handed out and seen."""

    number: ShortText = ""
    level: Annotated[Whole, Field(ge=1, le=5)] | None = None
    issued_on: Day | None = None
    expires_on: Day | None = None


class WorkerResult(RequestModel):
    """How it ended for one worker; a certificate only with `completed`."""

    worker_id: ShortText
    result: Literal["completed", "failed", "absent", "cancelled"]
    certificate: PaperFields | None = None

    @model_validator(mode="after")
    def _paper_for_who_completed(self) -> Self:
        if self.certificate is not None and self.result != "completed":
            raise refusal("certificate_without_completion", "只有结业的人才有证书")
        return self


class Results(RequestModel):
    """How a course ended, worker by worker."""

    results: Annotated[list[WorkerResult], Field(min_length=1, max_length=200)]


class EnrolmentView(ResponseModel):
    """That somebody takes part, and how it ended."""

    worker_id: str
    masked_name: str
    number: str
    result: Result
    enrolled_at: datetime
    decided_at: datetime | None


class EnrolmentList(ResponseModel):
    """Who takes part in a course, of those the caller serves."""

    course: CourseView
    items: Sequence[EnrolmentView]
