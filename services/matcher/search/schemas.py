"""Requests and answers of searching."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from services.kernel.http.models import RequestModel, ResponseModel, Whole
from services.matcher.schemas import PostingSummary, WorkerSummary
from services.matcher.search.concepts import Kind
from services.matcher.search.filters import PostingFilters, WorkerFilters

LONGEST_TEXT = 200
LARGEST_PAGE = 100
Text = Annotated[str, Field(max_length=LONGEST_TEXT, description="as staff type it; no names, numbers or phones")]


class Yardstick(StrEnum):
    """How the text is used."""

    UNDERSTOOD = "understood"
    WORDS = "words"
    """Plain BM25 over the words, as a yardstick."""


class WorkerFacet(StrEnum):
    """What hits among people are counted by."""

    COUNTY = "county"
    PREFECTURE = "prefecture"
    TOWNSHIP = "township"
    CATEGORY = "category"
    OCCUPATION = "occupation"
    FRESHNESS = "freshness"
    STATUS = "status"
    WILLINGNESS = "willingness"
    PLACE = "place"
    CERTIFICATE = "certificate"
    AGE = "age"


class PostingFacet(StrEnum):
    """What hits among openings are counted by."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    OCCUPATION = "occupation"
    KIND = "kind"
    EMPLOYER_KIND = "employer_kind"
    LODGING = "lodging"
    CERTIFICATE = "certificate"
    PAY = "pay"


class WorkerOrder(StrEnum):
    RELEVANCE = "relevance"
    AGE = "age"
    PAY = "pay"
    CONFIRMED = "confirmed"
    START = "start"


class PostingOrder(StrEnum):
    RELEVANCE = "relevance"
    PAY = "pay"
    VALID_UNTIL = "valid_until"
    PUBLISHED = "published"
    HEADCOUNT = "headcount"


class _Search(RequestModel):
    q: Text = ""
    descending: bool = Field(False, description="not for relevance, which is best first")
    limit: Whole = Field(20, ge=1, le=LARGEST_PAGE)
    cursor: str | None = Field(
        None, max_length=512, description="next_cursor of the page before; good for the same search only"
    )
    by: Yardstick = Yardstick.UNDERSTOOD


class WorkerSearch(_Search):
    """Who is sought. A hit fits all of `filters` and none of `exclude`, and most of what `q` says."""

    filters: WorkerFilters = WorkerFilters()
    exclude: WorkerFilters = WorkerFilters()
    sort: WorkerOrder = WorkerOrder.RELEVANCE
    facets: Sequence[WorkerFacet] = Field((), max_length=len(WorkerFacet))


class PostingSearch(_Search):
    """Which openings are sought. A hit fits all of `filters` and none of `exclude`, and most of what `q` says."""

    filters: PostingFilters = PostingFilters()
    exclude: PostingFilters = PostingFilters()
    sort: PostingOrder = PostingOrder.RELEVANCE
    facets: Sequence[PostingFacet] = Field((), max_length=len(PostingFacet))


class ConceptView(ResponseModel):
    """One thing that was understood. `use`: "filter" decides who is a hit, "order" who comes first."""

    kind: Kind
    text: str = Field(description="the words that say so")
    label: str = Field(description="what they were taken for, in Chinese")
    use: Literal["filter", "order"]
    negated: bool


class IgnoredView(ResponseModel):
    """Words that were left aside, and why."""

    text: str
    reason: str


class UnderstoodView(ResponseModel):
    """How the text was read. `met` of `asked` conditions are met by every hit: fewer than all when too few hits met all."""

    concepts: Sequence[ConceptView]
    words: Sequence[str] = Field(description="what was looked for as words")
    ignored: Sequence[IgnoredView]
    asked: int
    met: int


class FacetCount(ResponseModel):
    value: str
    label: str
    count: int


class _Hits(ResponseModel):
    total: int = Field(description="exact up to 10,000")
    understood: UnderstoodView
    facets: dict[str, Sequence[FacetCount]]
    next_cursor: str | None
    lexicon_version: str
    weights_version: str


class WorkerHit(ResponseModel):
    worker_id: str
    score: float
    summary: WorkerSummary


class PostingHit(ResponseModel):
    posting_id: str
    score: float
    summary: PostingSummary


class WorkerHits(_Hits):
    """People who were found, masked."""

    items: Sequence[WorkerHit]


class PostingHits(_Hits):
    """Openings that were found. `vacancies`: their sum over all hits, what stands in two channels counted once."""

    items: Sequence[PostingHit]
    vacancies: int


class Suggestion(ResponseModel):
    """A completion of what is being typed, with how many hits the whole text would have."""

    text: str
    completed: str
    kind: Kind
    hits: int


class Suggestions(ResponseModel):
    items: Sequence[Suggestion]
