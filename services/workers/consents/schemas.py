"""Requests and responses about declarations and visibility."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from services.kernel.http.models import Day, RequestModel, ResponseModel
from services.kernel.http.validation import refusal
from services.workers.consents.consent import How, What

EmployerId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


class NewConsent(RequestModel):
    """A declaration as it was given. `employer_id` names the employer of a `contact` consent and only of that."""

    what: What
    how: How
    given_on: Day | None = Field(None, description="today when left out; never a day to come")
    employer_id: EmployerId | None = None
    evidence: str = Field("", max_length=200, description="where the signed paper lies; sealed")

    @model_validator(mode="after")
    def _names_an_employer(self) -> Self:
        if (self.what is What.CONTACT) != (self.employer_id is not None):
            raise refusal("employer_named", "联系方式的单独同意要写明是哪一家用人单位，其他的不写")
        return self


class ConsentWithdrawal(RequestModel):
    """How a declaration was taken back."""

    how: How


class ConsentView(ResponseModel):
    """A declaration as it is read."""

    id: str
    what: What
    how: How
    given_on: date
    employer_id: str | None
    recorded_at: datetime
    recorded_by: str
    withdrawn_at: datetime | None
    withdrawn_how: How | None


class ConsentList(ResponseModel):
    """All declarations of a person, oldest first."""

    items: list[ConsentView]


class Reason(ResponseModel):
    """One thing that keeps a person from being seen; `said` tells no more than everybody on the staff may know."""

    code: str
    said: str


class AudienceView(ResponseModel):
    """`visible` null: something is not known, so the person is not seen."""

    visible: bool | None
    reasons: list[Reason]


class VisibilityView(ResponseModel):
    """Who may see a person, and why not."""

    staff: AudienceView
    employers: AudienceView
    kiosk: AudienceView
    ranking: AudienceView
    contact_employers: list[str]
