"""What the pages work with; made by app.py, or by a test."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import httpx
from fastapi import Depends, Request

from services.web.interface import Interface
from services.web.sessions import Session, Sessions


@dataclass(frozen=True, slots=True)
class Web:
    """Sessions, and a client of the public interface."""

    sessions: Sessions
    http: httpx.AsyncClient

    async def ready(self) -> Mapping[str, str]:
        """The pages serve; the interface says of itself whether it does."""
        return {}


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
