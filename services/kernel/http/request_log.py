"""One identity and one log line for every request, without personal data; and the last word when code fails unforeseen.

The line tells method, route template (never the path, which may hold what somebody typed), status, milliseconds, principal
and trace id (see kernel/trace.py).
"""

import re
import time
import traceback
from collections.abc import Callable
from typing import Any, Final, cast

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from ulid import ULID

from services.kernel import metrics, trace
from services.kernel.audit.actor import acting

_log = structlog.get_logger("yungong.http")

# Only what machines make: anything freer could carry a phone number into the log.
_REQUEST_ID: Final = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_FRAMES: Final = 6
_SAFE_HEADERS: Final = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache"}


def request_id(scope: Scope) -> str:
    """The identity of this request: the caller's X-Request-ID if it is a ULID or UUID, else a new ULID."""
    state: dict[str, Any] = scope.setdefault("state", {})
    if "request_id" not in state:
        offered = Headers(scope=scope).get("x-request-id", "")
        state["request_id"] = offered if _REQUEST_ID.fullmatch(offered) else str(ULID())
    return cast("str", state["request_id"])


def frames(error: BaseException) -> list[str]:
    """Where an error arose: files, lines and functions, without messages or values, which may be personal."""
    deepest = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in deepest]


class ResponseCutOff(Exception):
    """The answer was under way when the code failed; the connection is dropped so that nobody takes half for whole."""


class RequestLog:
    """ASGI middleware, the outermost of ours. `on_failure` makes the response to an unforeseen error (500)."""

    def __init__(self, app: ASGIApp, on_failure: Callable[[str], Response], route_path: Callable[[Scope], str]) -> None:
        self._app = app
        self._on_failure = on_failure
        self._route_path = route_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        identity = request_id(scope)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=identity)
        started = time.perf_counter()
        status = 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _complete(MutableHeaders(scope=message), identity)
            await send(message)

        with acting(None), trace.carried(Headers(scope=scope).get("traceparent")):
            try:
                await self._guarded(scope, receive, noted, lambda: status != 0)
            finally:
                self._note(scope, status, time.perf_counter() - started)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send, started: Callable[[], bool]) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception as error:  # the one boundary: whatever it is, it is logged and the caller gets a problem
            _log.error("request_failed", error=type(error).__qualname__, frames=frames(error))
            if started():
                raise ResponseCutOff from None
            await self._on_failure(request_id(scope))(scope, receive, send)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        principal = scope["state"].get("principal")
        route = self._route_path(scope)
        method = scope["method"] if scope["method"] in metrics.METHODS else "other"
        metrics.REQUEST_DURATION.labels(method, route, str(status)).observe(seconds)
        _log.info(
            "request",
            method=scope["method"],
            route=route,
            status=status,
            duration_ms=round(seconds * 1000, 1),
            principal=getattr(principal, "id", None),
        )


def _complete(headers: MutableHeaders, identity: str) -> None:
    headers["X-Request-ID"] = identity
    for name, value in _SAFE_HEADERS.items():
        headers.setdefault(name, value)
