"""Aggregate -> contract: what other services may know of a posting. Pure."""

from datetime import datetime
from typing import Final

from services.contracts.envelope import Envelope
from services.contracts.events import POSTING_CHANGED, POSTING_GONE, PostingChanged, PostingStatus, PostingWords
from services.contracts.postings import PostingTerms, PriorityWindow
from services.contracts.vocabulary import divisions
from services.jobs.opening import Opening
from services.jobs.posting import Posting, Status
from services.kernel.ids import new_id
from services.kernel.vault.masking import blot

SOURCE: Final = "/yungong/jobs"
PRIORITY_HOUSEHOLDS: Final = ("HS02", "HS04", "HS05", "HS06")
"""脱贫户 and the three kinds of 监测户 (household_status.csv): whom the plan wants served first."""

_TOLD: Final[dict[Status, PostingStatus]] = {
    Status.DRAFT: "paused",
    Status.SUBMITTED: "paused",
    Status.RESTRICTED: "published-restricted",
    Status.PUBLISHED: "published",
    Status.PAUSED: "paused",
    Status.FILLED: "filled",
    Status.EXPIRED: "expired",
    Status.WITHDRAWN: "withdrawn",
}


def concerns_others(before: Posting | None, after: Posting) -> bool:
    """Whether other services are told: from the first time a posting is shown. What never was is nobody's business."""
    shown_before = before is not None and before.published_on is not None
    return not after.sandbox and (shown_before or after.published_on is not None)


def posting_changed(posting: Posting) -> PostingChanged:
    """The payload. Phone and identity numbers that somebody wrote into the texts are blotted out."""
    opening = posting.opening
    by_month = opening.terms.pay_unit == "month"
    latitude, longitude = _coordinates(opening)
    return PostingChanged(
        posting_id=posting.id,
        version=posting.version,
        number=opening.number,
        title=blot(opening.title),
        kind=opening.kind,
        occupation_id=opening.occupation_id,
        employer_id=posting.employer_id,
        employer_name=blot(opening.employer_name),
        employer_kind=opening.employer_kind,
        province_code=opening.province_code,
        city_code=opening.city_code,
        district_code=opening.district_code,
        place=blot(opening.place),
        latitude=latitude,
        longitude=longitude,
        headcount=opening.headcount,
        pay_min=opening.pay_min if by_month else None,
        pay_max=opening.pay_max if by_month else None,
        valid_until=opening.valid_until,
        source=opening.source or opening.source_text,
        cooperation=opening.cooperation,
        status="suspended" if posting.hidden else _TOLD[posting.status],
        priority=_window(posting),
        published_on=posting.published_on,
        duplicate_of=posting.duplicate_of,
        terms=_blotted_terms(opening.terms),
        words=PostingWords(**{field: blot(text) for field, text in opening.words.model_dump().items()}),
    )


def _window(posting: Posting) -> PriorityWindow | None:
    if posting.status is not Status.RESTRICTED or posting.priority_until is None:
        return None
    return PriorityWindow(until=posting.priority_until, households=PRIORITY_HOUSEHOLDS)


def _coordinates(opening: Opening) -> tuple[float | None, float | None]:
    """Of the address where somebody gave them, else of the division's seat."""
    if opening.latitude is not None:
        return opening.latitude, opening.longitude
    seat = divisions.load().get(opening.division_code)
    return (seat.latitude, seat.longitude) if seat is not None else (None, None)


def _blotted_terms(terms: PostingTerms) -> PostingTerms:
    asked = {
        name: part.model_copy(update={"experience": blot(part.experience)})
        for name, part in (("must", terms.must), ("nice", terms.nice))
    }
    return terms.model_copy(update=asked)


def envelope(posting: Posting, now: datetime, traceparent: str | None = None) -> Envelope:
    """The event that tells the posting's present version: changed, or gone (a tombstone) once it is withdrawn."""
    gone = posting.status is Status.WITHDRAWN
    return Envelope(
        id=new_id("evt"),
        type=POSTING_GONE if gone else POSTING_CHANGED,
        source=SOURCE,
        subject=posting.id,
        version=posting.version,
        time=now,
        data=None if gone else posting_changed(posting).model_dump_json().encode(),
        traceparent=traceparent,
    )
