"""The search box: free text over people or openings, what was understood of it, and what was found."""

from typing import Any, Final, Literal
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from services.kernel.http.admission import TakesBody
from services.kernel.http.auth import public
from services.web.page_route import PageRoute
from services.web.pages import whole_page
from services.web.rendering import html, wants_fragment
from services.web.resources import Resources, Visitor

router = APIRouter(route_class=PageRoute, include_in_schema=False, dependencies=[Depends(public)])

Over = Literal["workers", "postings"]
SHOWN: Final = 20
_FACETS: Final[dict[Over, dict[str, str]]] = {
    "workers": {"county": "县", "occupation": "想做", "freshness": "意向登记"},
    "postings": {"city": "城市", "occupation": "工种", "kind": "类别"},
}

_takes_form = TakesBody(limit=8192, media_types=("application/x-www-form-urlencoded",))


@router.post("/search", dependencies=[Depends(_takes_form)])
async def search(request: Request, visitor: Visitor, web: Resources) -> HTMLResponse:
    """What was found. A form that is posted: what staff type stands in no address, and in no log of addresses."""
    visitor.session.check(request)
    form = parse_qs((await request.body()).decode("ascii", "replace"), encoding="utf-8", errors="replace")
    over: Over = "postings" if form.get("over") == ["postings"] else "workers"
    context = await _found(visitor, over, form.get("q", [""])[0].strip(), form.get("cursor", [""])[0] or None)
    if wants_fragment(request):
        return html("found_more.html" if form.get("cursor") else "found.html", **context)
    return await whole_page(request, visitor, web, "found.html", **context)


async def _found(visitor: Visitor, over: Over, text: str, cursor: str | None) -> dict[str, Any]:
    asked = {"q": text, "limit": SHOWN, "cursor": cursor, "facets": list(_FACETS[over])}
    answer = await visitor.interface.post(f"/v1/search/{over}", asked)
    return {"answer": answer, "over": over, "q": text, "facet_titles": _FACETS[over]}
