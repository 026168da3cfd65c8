"""Every error as application/problem+json (RFC 9457): a stable code for programs, Chinese for people, never the input."""

import json
from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from services.kernel.bus.port import BusUnavailable
from services.kernel.errors import (
    BadRequest,
    Forbidden,
    MethodNotAllowed,
    NotFound,
    Problem,
    TooLarge,
    Unauthenticated,
    Unavailable,
    UnsupportedType,
)
from services.kernel.http.request_log import request_id
from services.kernel.http.validation import invalid_request
from services.kernel.index.port import IndexUnavailable
from services.kernel.store.port import StoreUnavailable
from services.kernel.vault.port import VaultSealed

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_S: Final = 5

_UNAVAILABLE: Final[Mapping[type[Exception], tuple[str, str]]] = {
    StoreUnavailable: ("store_unavailable", "数据库暂时连不上"),
    IndexUnavailable: ("index_unavailable", "检索暂时不可用"),
    BusUnavailable: ("bus_unavailable", "消息通道暂时不可用"),
    VaultSealed: ("vault_sealed", "加密保管的资料打不开，请联系管理员检查密钥"),
}
_FRAMEWORK: Final[Mapping[int, tuple[type[Problem], str]]] = {
    400: (BadRequest, "请求的内容读不懂：不是有效的 JSON 或表单"),
    401: (Unauthenticated, ""),
    403: (Forbidden, ""),
    404: (NotFound, "没有这个地址"),
    405: (MethodNotAllowed, ""),
    413: (TooLarge, ""),
    415: (UnsupportedType, ""),
}


class RefusedWhileReading(HTTPException):
    """A problem met while the body is read. Only an HTTPException passes through FastAPI's body parsing as it is."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.status, problem.code)
        self.problem = problem


def problem_document(problem: Problem, identity: str) -> dict[str, Any]:
    """The members of the document. `instance` and `request_id` name this occurrence, to be told to the people on duty."""
    document: dict[str, Any] = {
        "type": f"urn:yungong:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail or problem.title,
        "instance": f"urn:yungong:request:{identity}",
        "code": problem.code,
        "request_id": identity,
    }
    if problem.errors:
        document["errors"] = [
            {"pointer": error.pointer, "code": error.code, "detail": error.detail} for error in problem.errors
        ]
    return document


def problem_response(problem: Problem, identity: str, headers: Mapping[str, str] | None = None) -> Response:
    """The response for a problem: WWW-Authenticate with 401, Retry-After (seconds) with 503."""
    sent = dict(headers or {})
    if problem.status == Unauthenticated.status:
        sent["WWW-Authenticate"] = 'Bearer realm="yungong"'
    retry_after_s = problem.retry_after_s or (RETRY_AFTER_S if isinstance(problem, Unavailable) else None)
    if retry_after_s is not None:
        sent["Retry-After"] = str(retry_after_s)
    # Escaped to ASCII: a lone surrogate that slipped into a detail must not turn the answer into a 500.
    content = json.dumps(problem_document(problem, identity))
    return Response(content, problem.status, sent, MEDIA_TYPE)


def problem_of(error: Exception) -> Problem:
    """What an error of routes, framework or backends is to the caller; anything unforeseen is a plain Problem (500)."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RefusedWhileReading):
        return error.problem
    if isinstance(error, RequestValidationError):
        return invalid_request(error)
    if isinstance(error, HTTPException):
        kind, detail = _FRAMEWORK.get(error.status_code, (BadRequest, ""))
        return kind(detail)
    for unavailable, (code, detail) in _UNAVAILABLE.items():
        if isinstance(error, unavailable):
            return Unavailable(detail, code=code)
    return Problem()


async def _answer(request: Request, error: Exception) -> Response:
    headers = error.headers if isinstance(error, HTTPException) else None
    return problem_response(problem_of(error), request_id(request.scope), headers)


def install_problem_handlers(application: FastAPI) -> None:
    """Let every error of routes, framework and backends leave as a problem."""
    for kind in (Problem, HTTPException, RequestValidationError, *_UNAVAILABLE):
        application.add_exception_handler(kind, _answer)
