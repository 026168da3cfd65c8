"""The page of the bureau's staff: counts, imports, openings with their candidates, people with their openings."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from services.kernel.http.auth import public
from services.web.page_route import PageRoute
from services.web.rendering import html, wants_fragment
from services.web.resources import Resources, Visit, Visitor

router = APIRouter(route_class=PageRoute, include_in_schema=False, dependencies=[Depends(public)])

CANDIDATES_SHOWN: Final = 20
OPENINGS_LISTED: Final = 50

Cursor = Annotated[str | None, Query(max_length=512)]


@router.get("/")
async def front_page(request: Request, visitor: Visitor, web: Resources, cursor: Cursor = None) -> HTMLResponse:
    """Everything at a glance, nothing chosen yet; the openings after `cursor` where scripts are off."""
    return await whole_page(request, visitor, web, "welcome.html", **await _openings(visitor, cursor))


@router.get("/counts")
async def counts(visitor: Visitor) -> HTMLResponse:
    """How much there is and how much of it is searchable."""
    return html("counts.html", status=200, **await _counts(visitor))


@router.get("/openings")
async def openings(visitor: Visitor, cursor: Cursor = None) -> HTMLResponse:
    """Openings, newest first; more of them after `cursor`."""
    return html("openings.html", **await _openings(visitor, cursor), chosen="")


@router.get("/openings/{posting_id}")
async def candidates(request: Request, posting_id: str, visitor: Visitor, web: Resources) -> HTMLResponse:
    """Who fits an opening, and why."""
    answer = await visitor.interface.get(f"/v1/postings/{posting_id}/candidates", limit=CANDIDATES_SHOWN)
    return await _panel(request, visitor, web, "candidates.html", answer=answer, chosen=posting_id)


@router.get("/openings/{posting_id}/people/{worker_id}")
async def explanation(request: Request, posting_id: str, worker_id: str, visitor: Visitor, web: Resources) -> HTMLResponse:
    """Why a person stands where they stand for an opening, or in no list."""
    answer = await visitor.interface.get(f"/v1/postings/{posting_id}/candidates/{worker_id}/explanation")
    return await _panel(request, visitor, web, "explanation.html", answer=answer, chosen=posting_id)


@router.get("/people/{worker_id}")
async def person(request: Request, worker_id: str, visitor: Visitor, web: Resources) -> HTMLResponse:
    """Which openings fit a person, and why."""
    answer = await visitor.interface.get(f"/v1/workers/{worker_id}/openings", limit=CANDIDATES_SHOWN)
    return await _panel(request, visitor, web, "person.html", answer=answer)


async def _panel(request: Request, visitor: Visit, web: Resources, template: str, **context: Any) -> HTMLResponse:
    if wants_fragment(request):
        return html(template, **context)
    return await whole_page(request, visitor, web, template, **context)


async def whole_page(
    request: Request, visitor: Visit, web: Resources, panel: str, *, chosen: str = "", **context: Any
) -> HTMLResponse:
    """The page with one panel open; it carries the session on."""
    listed = {} if "openings" in context else await _openings(visitor, None)
    shown: dict[str, Any] = await _counts(visitor) | listed | context
    response = html("page.html", panel=panel, csrf=visitor.session.csrf, chosen=chosen, **shown)
    web.sessions.keep(visitor.session, request, response)
    return response


async def _counts(visitor: Visit) -> dict[str, Any]:
    get = visitor.interface.get
    workers, postings, index = await get("/v1/workers/counts"), await get("/v1/postings/counts"), await get("/v1/index/status")
    under_way = workers["unpublished"] + postings["unpublished"] + sum(index["lag"].values())
    return {"workers": workers["workers"], "postings": postings["postings"], "index": index, "under_way": under_way}


async def _openings(visitor: Visit, cursor: str | None) -> dict[str, Any]:
    after = {"cursor": cursor} if cursor else {}
    page = await visitor.interface.get("/v1/postings", open="true", limit=OPENINGS_LISTED, **after)
    return {"openings": page["items"], "next_cursor": page["next_cursor"]}
