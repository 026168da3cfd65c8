"""The trace that the present work belongs to, so that one change can be followed from the request to the index.

W3C Trace Context, level 1: `traceparent` = version "00" - trace id (16 bytes) - parent id (8 bytes) - flags (1 byte), in hex.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import structlog

from services.kernel.logs import redact

_TRACEPARENT: Final = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")
_SAMPLED: Final = "01"

_present: ContextVar[str | None] = ContextVar("traceparent", default=None)


def traceparent() -> str | None:
    """The `traceparent` of the work under way, None outside of any."""
    return _present.get()


def trace_id(header: str | None) -> str | None:
    """The trace id of a `traceparent`, None when there is none or it is malformed."""
    match = _TRACEPARENT.fullmatch(header or "")
    return match.group(1) if match else None


def continued(header: str | None) -> str:
    """A `traceparent` for our own part of the caller's trace, or of a new one when the caller named none that we can use.

    A trace id in which the log would see somebody's number, and blot it out, could not be followed: it is not taken on.
    """
    match = _TRACEPARENT.fullmatch(header or "")
    if match and _can_be_logged(match.group(1)):
        return f"00-{match.group(1)}-{secrets.token_hex(8)}-{match.group(2)}"
    fresh = secrets.token_hex(16)
    while not _can_be_logged(fresh) or not int(fresh, 16):
        fresh = secrets.token_hex(16)
    return f"00-{fresh}-{secrets.token_hex(8)}-{_SAMPLED}"


def _can_be_logged(identity: str) -> bool:
    return bool(redact(identity) == identity)


@contextmanager
def carried(header: str | None = None) -> Iterator[str]:
    """Work within the trace of `header` (see `continued`): log lines and outbox rows carry it. Gives our `traceparent`."""
    ours = continued(header)
    token = _present.set(ours)
    try:
        with structlog.contextvars.bound_contextvars(trace_id=trace_id(ours)):
            yield ours
    finally:
        _present.reset(token)
