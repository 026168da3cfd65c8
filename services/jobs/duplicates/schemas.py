"""Requests and responses of /v1/postings/duplicates."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.jobs.schemas import ShortText
from services.jobs.views import PostingView
from services.kernel.http.models import RequestModel, ResponseModel


class PairView(ResponseModel):
    """Two postings that may be one opening, the older first."""

    score: float = Field(description="between 0 and 1; proposed from 0.8")
    parts: dict[str, float] = Field(description="how alike employer, work, place, pay and words are")
    state: Literal["proposed", "merged", "rejected"]
    found_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    reason: str
    first: PostingView
    second: PostingView


class Pairs(ResponseModel):
    """The latest pairs."""

    items: list[PairView]


class Decision(RequestModel):
    """merge: one is kept, the other closed as a duplicate of it. reject: they are two openings, and both count."""

    decision: Literal["merge", "reject"]
    keep: Literal["first", "second"] = "first"
    reason: ShortText = ""
