"""POST /v1/token: OAuth2 client credentials (RFC 6749, section 4.4). The credential comes in the body or by HTTP Basic, never
in the URL. A refusal is a problem document with the `error` that OAuth2 clients look for."""

import base64
import binascii
from typing import Final
from urllib.parse import parse_qs, unquote_plus

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from services.access import tokens
from services.access.api import Resources
from services.access.errors import InvalidClient, InvalidGrant
from services.access.schemas import TokenView
from services.kernel.errors import Problem
from services.kernel.http.admission import TakesBody
from services.kernel.http.auth import public
from services.kernel.http.problems import MEDIA_TYPE, problem_document
from services.kernel.http.request_log import request_id

FORM: Final = "application/x-www-form-urlencoded"
GRANT: Final = "client_credentials"
_LIMIT: Final = 4096
_FIELDS: Final = ("grant_type", "client_id", "client_secret", "scope")
_FORM_SCHEMA: Final = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"type": "string", "const": GRANT},
        "client_id": {"type": "string", "maxLength": 64},
        "client_secret": {"type": "string", "maxLength": 256},
        "scope": {"type": "string", "maxLength": 1000, "description": "permissions, parted by blanks; all if not said"},
    },
}
_BODY: Final = {"requestBody": {"required": True, "content": {FORM: {"schema": _FORM_SCHEMA}}}}

router = APIRouter(tags=["access"])


@router.post(
    "/v1/token",
    response_model=TokenView,
    dependencies=[Depends(public), Depends(TakesBody(limit=_LIMIT, media_types=(FORM,)))],
    openapi_extra=_BODY,
    responses={401: {"content": {MEDIA_TYPE: {}}, "description": "The credential is not good"}},
)
async def give_token(request: Request, resources: Resources) -> Response:
    """A token for a credential, good for minutes."""
    try:
        form = _form(await request.body())
        issued = await tokens.exchange(resources, _credential(request, form), form.get("scope", "").split())
    except (InvalidClient, InvalidGrant) as refused:
        return _refusal(refused, request_id(request.scope))
    view = TokenView(access_token=issued.token, expires_in=issued.expires_in_s, scope=issued.scope)
    return JSONResponse(view.model_dump(), headers={"Cache-Control": "no-store"})


def _form(body: bytes) -> dict[str, str]:
    """The fields, each said once. Raises InvalidGrant."""
    try:
        told = parse_qs(body.decode("ascii"), strict_parsing=True, max_num_fields=len(_FIELDS))
    except ValueError as unreadable:
        raise InvalidGrant() from unreadable
    if any(len(values) != 1 for values in told.values()) or told.keys() - set(_FIELDS):
        raise InvalidGrant()
    form = {name: values[0] for name, values in told.items()}
    if form.get("grant_type") != GRANT:
        raise InvalidGrant("只支持 grant_type=client_credentials", code="unsupported_grant_type")
    return form


def _credential(request: Request, form: dict[str, str]) -> str:
    """`id.secret`, from HTTP Basic or from the form, not from both. Raises InvalidClient, InvalidGrant."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return f"{form.get('client_id', '')}.{form.get('client_secret', '')}"
    if "client_secret" in form:
        raise InvalidGrant()
    try:
        identity, _, secret = base64.b64decode(encoded, validate=True).decode("ascii").partition(":")
    except (binascii.Error, ValueError) as unreadable:
        raise InvalidClient() from unreadable
    return f"{unquote_plus(identity)}.{unquote_plus(secret)}"


def _refusal(problem: Problem, identity: str) -> Response:
    document = problem_document(problem, identity) | {"error": problem.code}
    headers = {"Cache-Control": "no-store"}
    if problem.status == InvalidClient.status:
        headers["WWW-Authenticate"] = 'Basic realm="yungong"'
    return JSONResponse(document, problem.status, headers, MEDIA_TYPE)
