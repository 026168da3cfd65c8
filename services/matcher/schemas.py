"""What the matcher answers: ranked candidates and openings, each with its parts and its reasons in plain Chinese."""

from datetime import date

from pydantic import Field

from services.kernel.http.models import ResponseModel


class PartView(ResponseModel):
    """One named part of a score. `value` in [0, 1], `weight` from the weights' table, `reason` in Chinese."""

    name: str
    value: float
    weight: float
    reason: str


class WorkerSummary(ResponseModel):
    """A worker as a list may show them: masked, with what was said about the wish."""

    worker_id: str
    number: str = Field(description="序号 in the register it came from")
    masked_name: str
    age: int = Field(description="full years today")
    county: str
    education: str | None = None
    mandarin: str | None = None
    willingness: str | None = None
    employment_status: str | None = None
    intention_occupations: str = ""
    intention_places: str = ""
    intention_pay: str = ""
    certificates: str = ""


class PostingSummary(ResponseModel):
    """An opening as a list may show it. Pay in CNY per month."""

    posting_id: str
    number: str = Field(description="岗位编号 in the sheet it came from")
    title: str
    employer_name: str
    place: str
    headcount: int
    pay_min: float | None = None
    pay_max: float | None = None
    valid_until: date | None = None


class _Ranked(ResponseModel):
    rank: int = Field(ge=1)
    score: float = Field(description="Σ value × weight of the parts")
    parts: list[PartView]
    reasons: list[str] = Field(description="why it fits, most telling first; at most five")
    gaps: list[str] = Field(description="what is missing or conflicts")


class Candidate(_Ranked):
    """A worker proposed for an opening."""

    worker_id: str
    number: str
    summary: WorkerSummary


class Opening(_Ranked):
    """An opening proposed to a worker; the words are for the worker."""

    posting_id: str
    number: str
    summary: PostingSummary


class Candidates(ResponseModel):
    """Who fits an opening, best first. A proposal: a person decides (PIPL article 24)."""

    posting: PostingSummary
    items: list[Candidate]
    subject_version: int = Field(description="version of the opening that was matched")
    lexicon_version: str
    weights_version: str


class Openings(ResponseModel):
    """Which openings fit a worker, best first."""

    worker: WorkerSummary
    items: list[Opening]
    subject_version: int = Field(description="version of the worker that was matched")
    lexicon_version: str
    weights_version: str


class IndexStatus(ResponseModel):
    """What is searchable. `lag`: messages not yet indexed, by topic; `versions`: lexicon, weights, generation in service."""

    workers: int
    postings: int
    lag: dict[str, int]
    versions: dict[str, str]
