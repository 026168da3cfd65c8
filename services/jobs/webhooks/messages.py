"""What an endpoint is told: one message for one version of a posting. Pure."""

from datetime import datetime
from typing import Any, Final

import orjson

from services.jobs.posting import OPEN, Posting, Status

_TYPES: Final = {
    Status.DRAFT: "posting.returned",
    Status.SUBMITTED: "posting.submitted",
    Status.RESTRICTED: "posting.published",
    Status.PUBLISHED: "posting.published",
    Status.PAUSED: "posting.paused",
    Status.FILLED: "posting.filled",
    Status.EXPIRED: "posting.expired",
    Status.WITHDRAWN: "posting.withdrawn",
}


def type_of(before: Posting | None, after: Posting) -> str | None:
    """The event's type; None when there is nothing to tell: a draft that its owner keeps."""
    if before is None:
        return None if after.status is Status.DRAFT and not after.reason_code else _TYPES[after.status]
    if before.hidden is not after.hidden:
        return "posting.suspended" if after.hidden else "posting.published"
    if before.status is after.status or (before.status in OPEN and after.status in OPEN):
        return None if after.status is Status.DRAFT else "posting.amended"
    return _TYPES[after.status]


def body(event_type: str, at: datetime, data: dict[str, Any]) -> str:
    """The message as it is sent, the same in every attempt."""
    return orjson.dumps({"type": event_type, "timestamp": at.isoformat(), "data": data}).decode()


def data_of(row: dict[str, Any]) -> dict[str, Any]:
    """What the message says: the same as the line of /v1/changes."""
    told = ("version", "status", "reason_code", "external_reference", "keys", "document")
    return {"id": row["subject_id"], "removed": row["document"] is None, **{name: row[name] for name in told}}
