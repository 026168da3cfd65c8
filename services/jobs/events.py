"""Aggregate -> contract: what other services may know of a posting. Pure."""

from datetime import datetime
from typing import Final

from services.contracts.envelope import Envelope
from services.contracts.events import POSTING_CHANGED, POSTING_GONE, PostingChanged, PostingWords
from services.jobs.posting import Opening, Posting, Status
from services.kernel.ids import new_id
from services.kernel.vault.masking import blot

SOURCE: Final = "/yungong/jobs"


def posting_changed(posting: Posting) -> PostingChanged:
    """The payload. Phone and identity numbers that somebody wrote into the texts are blotted out."""
    opening = posting.opening
    return PostingChanged(
        posting_id=posting.id,
        version=posting.version,
        employer_id=posting.employer_id,
        number=opening.number,
        title=blot(opening.title),
        employer_name=blot(opening.employer_name),
        employer_kind=opening.employer_kind,
        province_code=opening.province_code,
        city_code=opening.city_code,
        district_code=opening.district_code,
        place=blot(opening.place),
        headcount=opening.headcount,
        pay_min=opening.pay_min,
        pay_max=opening.pay_max,
        valid_until=opening.valid_until,
        source=opening.source or opening.source_text,
        status="published",
        words=_blotted(opening),
    )


def _blotted(opening: Opening) -> PostingWords:
    return PostingWords(**{field: blot(text) for field, text in opening.words.model_dump().items()})


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
