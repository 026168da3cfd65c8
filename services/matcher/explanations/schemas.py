"""What an explanation holds."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from services.kernel.http.models import ResponseModel
from services.matcher.schemas import PostingSummary, WorkerSummary


class Source(ResponseModel):
    """The words that something was judged by, and where and when they were written down."""

    of: Literal["worker", "posting", "law"]
    field: str = Field(description="the event's field: words.remark, stated.intention.places …")
    label: str = Field(description="what people call the field: 备注")
    text: str
    start: int = Field(description="[start, end) in the field's words; both 0 for what is stated in structure")
    end: int
    known_since: date | None = Field(None, description="the day of the record, or on which the intention was confirmed")


class PartExplained(ResponseModel):
    """One part of the score, with the words that it was judged by."""

    name: str
    value: float
    weight: float
    reason: str
    gap: str
    sources: list[Source]


class Exclusion(ResponseModel):
    """Why a pair stands in no list."""

    code: str
    reason: str


class ChangeTried(ResponseModel):
    """A single change and what it would do."""

    code: str
    by: Literal["worker", "employer"] = Field(description="who would have to make it")
    words: str
    score_after: float
    makes_fit: bool = Field(description="the pair does not fit now, and would")


class Explanation(ResponseModel):
    """Every part of how a worker and an opening were judged. A proposal: a person decides (PIPL article 24)."""

    standing: Literal["proposed", "excluded", "not_found"] = Field(
        description="not_found: neither the words nor the kinds of work have anything in common"
    )
    rank: int | None = Field(description="place in the list that was asked about; none when it does not stand there")
    of: int = Field(description="how long that list is")
    score: float
    exclusion: Exclusion | None
    reasons: list[str]
    gaps: list[str]
    nearest_miss: ChangeTried | None = Field(description="the one change that would make the pair fit, the least effort first")
    changes: list[ChangeTried] = Field(description="what else would help, most first")
    parts: list[PartExplained]
    words_for_the_worker: list[str] = Field(description="the same, said to the worker")
    worker: WorkerSummary
    posting: PostingSummary
    worker_version: int
    posting_version: int
    lexicon_version: str
    weights_version: str


class Understood(ResponseModel):
    """One thing that was understood of a person, in words."""

    what: str = Field(description="kind of fact: 想做, 不愿做, 做过, 有证 …")
    value: str
    source: Source | None = None
    correct_in: str = Field("", description="the field of an asking (POST /v1/workers/{id}/intentions) that would correct it")


class WorkerFactsView(ResponseModel):
    """How a person's words were understood, for staff to see and correct: what they state in structure wins over it."""

    worker_id: str
    version: int
    lexicon_version: str
    understood: list[Understood]
    facts: dict[str, Any] = Field(description="the same as matching uses it (kernel/text/facts/model.py: WorkerFacts)")
