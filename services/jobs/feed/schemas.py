"""Responses of /v1/changes and /v1/feed."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from services.jobs.feed.entry import Kind
from services.kernel.http.models import ResponseModel


class OwnChange(ResponseModel):
    """One version of something of the caller's. `removed` is a tombstone: it is closed for good, its keys still stand here."""

    kind: Kind = Field(description="posting, or webhook for notices about an endpoint; referrals will follow with placements")
    id: str
    version: int
    at: datetime
    status: str
    reason_code: str
    removed: bool
    external_reference: str | None
    keys: dict[str, str | None]
    document: dict[str, Any] | None = Field(description="as it travels (posting_changed.v1); none of what is removed")


class OwnChanges(ResponseModel):
    """Changes in order. Ask again with `after=next`, at once while `more`."""

    items: list[OwnChange]
    next: str
    more: bool


class PublicChange(ResponseModel):
    """upsert: the opening is to be shown so. remove: it is to be shown no longer, or is no longer chosen by the filter; `keys`
    are those it was chosen by."""

    op: Literal["upsert", "remove"]
    id: str
    version: int
    at: datetime
    keys: dict[str, str | None]
    document: dict[str, Any] | None = None


class PublicChanges(ResponseModel):
    """Changes in order. Ask again with `after=next`, at once while `more`."""

    items: list[PublicChange]
    next: str
    more: bool


class SnapshotEnd(ResponseModel):
    """The last line of a snapshot: without it the snapshot broke off. `cursor` is where the changes go on."""

    end: Literal[True] = True
    count: int
    cursor: str
