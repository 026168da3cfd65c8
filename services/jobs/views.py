"""Responses of /v1/postings."""

from datetime import date, datetime
from typing import Any, Final, Self

from pydantic import Field

from services.contracts.postings import Cooperation, PostingTerms
from services.contracts.vocabulary import divisions
from services.jobs.opening import Opening
from services.jobs.posting import Posting, Status
from services.jobs.verdict import Finding
from services.kernel.http.models import ResponseModel


class PostingView(ResponseModel):
    """A posting as it is read."""

    id: str
    version: int
    status: Status
    status_since: datetime
    reason_code: str = Field(
        description="why it is in its status: a code of closing_reason or pause_reason, or the system's own"
    )
    reason: str
    priority_until: date | None = Field(description="the last day of its priority window")
    published_on: date | None
    hidden: bool = Field(description="its employer is suspended")
    sandbox: bool
    duplicate_of: str | None = Field(description="the posting its vacancies are counted with")
    findings: tuple[Finding, ...] = Field(description="what the compliance check found")
    employer_id: str | None
    external_reference: str | None
    number: str
    employer_name: str
    employer_kind: str | None
    employer_kind_text: str
    title: str
    kind: str
    occupation_id: str | None
    division_code: str
    province_code: str
    city_code: str | None
    district_code: str | None
    division_name: str
    place: str
    latitude: float | None
    longitude: float | None
    headcount: int
    pay_min: float | None
    pay_max: float | None
    valid_until: date | None
    source: str | None
    source_text: str
    cooperation: Cooperation | None
    terms: PostingTerms
    words: dict[str, str]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, posting: Posting) -> Self:
        """The view of a posting."""
        opening = posting.opening
        return cls(
            division_name=divisions.load().full_name(opening.division_code),
            division_code=opening.division_code,
            words=opening.words.model_dump(),
            findings=posting.verdict.findings,
            **{name: getattr(posting, name) for name in _LIFE},
            **{name: getattr(opening, name) for name in _OFFERED},
        )


_LIFE: Final = tuple(name for name in PostingView.model_fields if name in Posting.__dataclass_fields__)
_OFFERED: Final = tuple(name for name in PostingView.model_fields if name in Opening.__dataclass_fields__ and name != "words")


class PostingCounts(ResponseModel):
    """`postings` not withdrawn; `vacancies` of those that are open, what is offered twice counted once; `unpublished` changes
    that wait for the stream (lag of the hop store → bus)."""

    postings: int
    vacancies: int
    unpublished: int


class Step(ResponseModel):
    """One version of a posting: who made it, what became of it and why, which fields changed."""

    version: int
    at: datetime
    by: str
    before: Status | None
    status: Status
    reason_code: str
    reason: str
    changed: list[str]

    @classmethod
    def of(cls, row: Any) -> Self:
        """The step in a row of the history."""
        return cls.model_validate(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
