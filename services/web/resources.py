"""What the pages work with; made by app.py, or by a test."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

import httpx
from fastapi import Depends, Request

from services.web.interface import Interface
from services.web.sessions import Session, Sessions

_ANSWERS_WITHIN_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Web:
    """Sessions, and a client of the public interface; `elsewhere`: which another process serves."""

    sessions: Sessions
    http: httpx.AsyncClient
    elsewhere: bool = False

    async def ready(self) -> Mapping[str, str]:
        """The pages serve; an interface in our own process says of itself whether it does."""
        if not self.elsewhere:
            return {}
        try:
            answer = await self.http.get("/v1/postings/counts", timeout=_ANSWERS_WITHIN_S)
        except httpx.TransportError:
            return {"interface": "公开接口连不上"}
        # Without a credential, 401 is the right answer.
        return {"interface": "公开接口暂时不可用" if answer.is_server_error else ""}


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a signed-in user."""

    session: Session
    interface: Interface


def web_of(request: Request) -> Web:
    """The pages' resources."""
    resources: Web = request.app.state.web
    return resources


Resources = Annotated[Web, Depends(web_of)]


def visit(request: Request, web: Resources) -> Visit:
    """Who is here. Raises SignedOut."""
    session = web.sessions.of(request)
    return Visit(session, Interface(web.http, session.token))


Visitor = Annotated[Visit, Depends(visit)]
