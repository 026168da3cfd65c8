"""The OpenAPI document, with our problems and credential in it, and /docs from our own files."""

import html
import json
from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, Field

from services.kernel.http.admission import RouteFacts, Routes
from services.kernel.http.auth import public
from services.kernel.http.problems import MEDIA_TYPE

_SCHEMA: Final = "#/components/schemas/"
_DESCRIPTIONS: Final[Mapping[int, str]] = {
    400: "The input is wrong; `errors` says where",
    401: "No valid credential",
    403: "The credential lacks the permission",
    404: "No such thing, or it is out of the caller's scope",
    409: "It conflicts with what is there",
    410: "It is kept no longer",
    412: "It was changed since",
    413: "The body is too large",
    415: "The body's content type is not accepted",
    422: "The Idempotency-Key was used for another request",
    428: "If-Match is missing",
    429: "Too many requests, or the day's allowance is spent; see Retry-After (seconds)",
    503: "Temporarily unavailable; see Retry-After (seconds)",
}


class ProblemField(BaseModel):
    """What is wrong with one field."""

    pointer: str = Field(description='JSON pointer into the body, or "query:limit", "path:id", "header:if-match"')
    code: str
    detail: str = Field(description="Chinese; never the value")


class ProblemDocument(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str = Field(description="stable; programs decide by it")
    request_id: str
    errors: list[ProblemField] = []


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": _DESCRIPTIONS[status],
        "content": {MEDIA_TYPE: {"schema": {"$ref": f"{_SCHEMA}ProblemDocument"}}},
    }


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that may refuse with these statuses, beside those that any route may give."""
    return {status: _problem(status) for status in statuses}


def _usual_statuses(facts: RouteFacts) -> list[int]:
    guarded = [401, 403, 429] if facts.requirement else []
    named = [404] if "{" in facts.path else []
    return [400, *guarded, *named, *([413, 415] if facts.media_types else []), 503]


def _complete(operation: dict[str, Any], facts: RouteFacts) -> None:
    responses: dict[str, Any] = operation["responses"]
    if "HTTPValidationError" in json.dumps(responses.get("422", {})):
        del responses["422"]
    for status in _usual_statuses(facts):
        responses.setdefault(str(status), _problem(status))
    if facts.requirement:
        operation["security"] = [{"credential": []}]
        if facts.requirement.permission is not None:
            operation["x-permission"] = str(facts.requirement.permission)


def complete_document(application: FastAPI, routes: Routes, document: dict[str, Any]) -> dict[str, Any]:
    """FastAPI's document with our problems in place of its own, and the credential that each operation asks for."""
    for route in iter_route_contexts(application.routes):
        operations = document["paths"].get(route.path_format, {})
        facts = routes.get(route.endpoint) if route.endpoint else None
        for method in (name.lower() for name in route.methods or ()):
            if facts is not None and method in operations:
                _complete(operations[method], facts)
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = ProblemDocument.model_json_schema(ref_template=f"{_SCHEMA}{{model}}")
    schemas.update(problem.pop("$defs"))
    schemas["ProblemDocument"] = problem
    components["securitySchemes"] = {
        "credential": {"type": "http", "scheme": "bearer", "description": "A credential `id.secret`"}
    }
    return document


def install(application: FastAPI, routes: Routes) -> None:
    """Make `application.openapi()` give the complete document."""
    plain = application.openapi

    def openapi() -> dict[str, Any]:
        if application.openapi_schema is None:
            application.openapi_schema = complete_document(application, routes, plain())
        return application.openapi_schema

    application.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend it


_PAGE: Final = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="{assets}/swagger-ui.css"><link rel="icon" href="data:,"></head>
<body><noscript>这一页要用脚本；接口的完整说明也在 /openapi.json。</noscript>
<div id="swagger-ui"></div><script src="{assets}/swagger-ui-bundle.js"></script>
<script src="{assets}/start.js"></script></body></html>
"""
# Swagger UI draws with inline styles and images; scripts are our files only.
_PAGE_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def router(docs_assets: str | None) -> APIRouter:
    """/openapi.json, and /docs when `docs_assets` (the base URL of Swagger UI's files and our start.js) is given."""
    documents = APIRouter(include_in_schema=False, dependencies=[Depends(public)])

    @documents.get("/openapi.json")
    async def openapi_document(request: Request) -> JSONResponse:
        return JSONResponse(request.app.openapi())

    if docs_assets is not None:

        @documents.get("/docs")
        async def documentation_page(request: Request) -> HTMLResponse:
            page = _PAGE.format(title=html.escape(request.app.title), assets=html.escape(docs_assets))
            return HTMLResponse(page, headers=_PAGE_HEADERS)

    return documents
