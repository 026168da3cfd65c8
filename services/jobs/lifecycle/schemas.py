"""Requests of a posting's steps."""

from typing import Annotated, Literal

from pydantic import Field

from services.contracts.vocabulary import codes
from services.jobs.schemas import LastDay, ShortText, WindowDays
from services.jobs.terms import Code, one_of
from services.kernel.http.models import RequestModel


class Submission(RequestModel):
    """A draft handed in."""

    priority_window_days: WindowDays | None = None


class Review(RequestModel):
    """What staff decided about what waits for a person; a return says why."""

    decision: Literal["approve", "return"]
    reason: ShortText = ""
    priority_window_days: WindowDays | None = None


class Pause(RequestModel):
    """Why it is not shown for a while."""

    reason_code: Annotated[Code, one_of(codes.PAUSE_REASONS, "暂停原因")] = "other"
    reason: ShortText = ""


class Renewal(RequestModel):
    """A later last day."""

    valid_until: LastDay


class Filling(RequestModel):
    """Everybody was found."""

    reason: ShortText = ""


class Withdrawal(RequestModel):
    """Why a posting is closed, for those who look later."""

    reason_code: Annotated[Code, one_of(codes.CLOSING_REASONS, "关闭原因")] = Field("other")
    reason: ShortText = ""
