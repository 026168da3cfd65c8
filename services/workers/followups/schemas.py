"""Requests and responses about following up."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from services.contracts.purposes import Purpose
from services.contracts.vocabulary import codes
from services.kernel.http.models import Day, RequestModel, ResponseModel, Whole
from services.kernel.http.validation import refusal, unknown_code
from services.workers.fields import ContactChannel, CountyCode, LongText, ShortText
from services.workers.notices import STALE_DAYS
from services.workers.schemas import WorkerSummary

MOST_AT_ONCE: Final = 500
ReasonCode = Literal["contact_due", "never_contacted", "intention_stale", "certificate_ends"]
REASONS: Final[tuple[ReasonCode, ...]] = ("contact_due", "never_contacted", "intention_stale", "certificate_ends")


def _outcome(code: str) -> str:
    if code not in codes.FOLLOWUP_STATUS:
        raise unknown_code(code, "跟踪结果")
    return code


Outcome = Annotated[str, Field(max_length=12, examples=["FU02"], description="followup_status"), AfterValidator(_outcome)]
WorkerId = Annotated[str, Field(min_length=1, max_length=64)]


class NewContact(RequestModel):
    """A contact with a worker, or an attempt."""

    on: Day | None = Field(None, description="the day; today if left out")
    channel: ContactChannel
    outcome: Outcome
    note: LongText = Field("", description="sealed; needed for FU19")
    next_on: Day | None = Field(None, description="the next contact; left out: the usual day after this outcome; null: no more")
    made_by: ShortText = Field("", description='id of the cadre who made it; "" for who is responsible, else the caller')
    intention_confirmed: bool = Field(False, strict=True, description="the person wants what was known: it is fresh again")


class Assignment(RequestModel):
    """Who looks after a worker; null: nobody."""

    cadre_id: ShortText | None


class Postponement(RequestModel):
    """Another day for the next contact."""

    next_on: Day


class BulkAction(RequestModel):
    """One of `assign`, `contact`, `postpone` for workers named one by one: no filter, nobody is meant who was not seen."""

    worker_ids: Annotated[tuple[WorkerId, ...], Field(min_length=1, max_length=MOST_AT_ONCE)]
    assign: Assignment | None = None
    contact: NewContact | None = None
    postpone: Postponement | None = None

    @model_validator(mode="after")
    def _one_action(self) -> Self:
        if sum(action is not None for action in (self.assign, self.contact, self.postpone)) != 1:
            raise refusal("one_action", "assign、contact、postpone 要填一项，只填一项")
        if len(set(self.worker_ids)) < len(self.worker_ids):
            raise refusal("repeated", "同一个人填了两次")
        return self


class NotDone(ResponseModel):
    """Why nothing was done for one of them."""

    worker_id: str
    code: str
    detail: str


class BulkResult(ResponseModel):
    """For whom it was done, all in one transaction, and for whom not."""

    done: Sequence[str]
    not_done: Sequence[NotDone]


class ContactView(ResponseModel):
    """A contact as it was recorded."""

    id: str
    on: date
    channel: str
    outcome: str
    outcome_name: str
    note: str
    next_on: date | None
    made_by: str
    recorded_by: str
    recorded_at: datetime


class FollowUpView(ResponseModel):
    """How a worker is followed up."""

    worker_id: str
    status: str
    status_name: str
    cadre_id: str | None
    cadre_name: str
    last_contact_on: date | None
    next_on: date | None
    overdue_days: int
    misses: int = Field(description="attempts in a row that did not reach the person")
    contacts: Sequence[ContactView] = Field(description="the latest first")


class Reason(ResponseModel):
    """Why somebody stands on the list: a stable code, since when it is due, a Chinese sentence."""

    code: str = Field(examples=["contact_due", "never_contacted", "intention_stale", "certificate_ends"])
    due_on: date | None
    detail: str


class Task(ResponseModel):
    """Somebody to be contacted, and why."""

    worker: WorkerSummary
    status: str
    status_name: str
    cadre_id: str | None
    last_contact_on: date | None
    next_on: date | None
    misses: int
    reasons: Sequence[Reason]


class Overdue(ResponseModel):
    """How much is overdue in one township with one responsible person."""

    county_code: str
    county_name: str
    township: str
    cadre_id: str | None
    cadre_name: str
    overdue: int
    up_to_a_week: int
    up_to_a_month: int
    longer: int
    oldest_due_on: date


class Stale(ResponseModel):
    """How many intentions are stale in one township with one responsible person."""

    county_code: str
    county_name: str
    township: str
    cadre_id: str | None
    cadre_name: str
    workers: int = Field(description="registered")
    stale: int = Field(description="of them with an intention that is older, or was never told")
    never_asked: int
    oldest_confirmed_on: date | None


class StaleReport(ResponseModel):
    """Whose intentions are stale on a day, the most first."""

    on: date
    stale_days: int
    total: int
    items: Sequence[Stale]


class WorksheetRequest(RequestModel):
    """A list to take along: names and phones stand in it in clear, the purpose is kept with each person."""

    purpose: Purpose
    on: Day | None = Field(None, description="due on this day or before; today if left out")
    reasons: tuple[ReasonCode, ...] = REASONS
    county_code: CountyCode | None = None
    township: ShortText | None = None
    cadre_id: ShortText | None = Field(None, description='"" is: nobody is responsible')
    stale_days: Annotated[Whole, Field(ge=1, le=3650)] = STALE_DAYS


class OverdueReport(ResponseModel):
    """What is overdue on a day, the most first."""

    on: date
    total: int
    items: Sequence[Overdue]
