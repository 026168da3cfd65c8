"""Signing in with a credential, and out again."""

from typing import Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from services.kernel.http.admission import TakesBody
from services.kernel.http.auth import public
from services.web.interface import Interface, Refused
from services.web.page_route import PageRoute, sign_in_page
from services.web.rendering import HEADERS, SEE_OTHER
from services.web.resources import Resources, Web
from services.web.sessions import same_origin

router = APIRouter(route_class=PageRoute, include_in_schema=False, dependencies=[Depends(public)])

_takes_form = TakesBody(limit=4096, media_types=("application/x-www-form-urlencoded",))
_NOT_ACCEPTED: Final = (401, 403)


@router.get("/sign-in")
async def sign_in_form(request: Request) -> Response:
    """The form that asks for a credential."""
    return sign_in_page(request, 200)


@router.post("/sign-in", dependencies=[Depends(_takes_form)])
async def sign_in(request: Request, web: Resources) -> Response:
    """Begin a session if the interface accepts the credential."""
    same_origin(request)
    form = parse_qs((await request.body()).decode("ascii", "replace"))
    token = form.get("credential", [""])[0].strip()
    if not await _is_accepted(web, token):
        return sign_in_page(request, 401, wrong="这个凭证不对，或已失效。")
    response = RedirectResponse("/", SEE_OTHER, HEADERS)
    web.sessions.keep(web.sessions.new(token), request, response)
    return response


@router.post("/sign-out")
async def sign_out(request: Request, web: Resources) -> Response:
    """End the session in this browser."""
    same_origin(request)
    response = RedirectResponse("/sign-in", SEE_OTHER, HEADERS)
    web.sessions.end(response)
    return response


async def _is_accepted(web: Web, token: str) -> bool:
    if not (token and token.isascii() and token.isprintable()):
        return False
    try:
        await Interface(web.http, token).get("/v1/postings/counts")
    except Refused as refused:
        if refused.status not in _NOT_ACCEPTED:
            raise
        return False
    return True
