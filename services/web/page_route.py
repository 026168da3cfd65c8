"""A route whose refusals are pages: what goes wrong is said where the user looks, with the code for the people on duty."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from services.kernel.errors import Problem
from services.kernel.http.problems import problem_document, problem_of
from services.kernel.http.request_log import request_id
from services.web.interface import Refused
from services.web.rendering import html, wants_fragment
from services.web.sessions import SignedOut


class PageRoute(APIRoute):
    """Answers a refusal with HTML: a fragment in a page that is open, a whole page otherwise."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler with our refusals around it."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except SignedOut:
                return sign_in_page(request, 401)
            except Refused as refused:
                if refused.status == 401:  # noqa: PLR2004 - the credential in the session is no longer good
                    return sign_in_page(request, 401)
                return refusal(request, refused.document, refused.status)
            except (Problem, HTTPException) as error:
                problem = problem_of(error)
                return refusal(request, problem_document(problem, request_id(request.scope)), problem.status)

        return handled


def sign_in_page(request: Request, status: int, wrong: str = "") -> Response:
    """The form that asks for a credential; an open page is reloaded to show it."""
    response = html("sign_in.html", status, wrong=wrong)
    if wants_fragment(request):
        response.headers["HX-Redirect"] = "/"
    return response


def refusal(request: Request, problem: Any, status: int) -> Response:
    """A problem for people to read."""
    template = "refusal.html" if wants_fragment(request) else "refusal_page.html"
    return html(template, status, problem=problem)
