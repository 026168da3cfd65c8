"""The import box: a sheet handed in, its progress, its result with every rejected row."""

from typing import Any, Final, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.kernel.http.admission import FORM, MEBIBYTE, TakesBody
from services.kernel.http.auth import public
from services.kernel.imports.imports import UPLOAD_LIMIT
from services.kernel.imports.upload import uploaded
from services.web.page_route import PageRoute
from services.web.pages import whole_page
from services.web.rendering import HEADERS, SEE_OTHER, html, wants_fragment
from services.web.resources import Resources, Visitor

router = APIRouter(prefix="/imports", route_class=PageRoute, include_in_schema=False, dependencies=[Depends(public)])

Kind = Literal["workers", "postings"]
TITLES: Final[dict[Kind, str]] = {"workers": "劳动力台账", "postings": "岗位需求表"}
FINDINGS_SHOWN: Final = 100
_UNFINISHED: Final = ("waiting", "running")

_takes_file = TakesBody(limit=UPLOAD_LIMIT + MEBIBYTE, media_types=(FORM,))


@router.post("/{kind}", dependencies=[Depends(_takes_file)])
async def import_file(request: Request, kind: Kind, visitor: Visitor) -> Response:
    """Hand in a sheet; the answer watches over its import, or leads to the page that tells of it where scripts are off."""
    visitor.session.check(request)
    content, name = await uploaded(request, TITLES[kind])
    taken = await visitor.interface.import_file(kind, content, name)
    if not wants_fragment(request):
        return RedirectResponse(f"/imports/{kind}/{taken['id']}", SEE_OTHER, HEADERS)
    return html("import.html", **_shown(kind, taken))


@router.get("/{kind}/{import_id}")
async def progress(request: Request, kind: Kind, import_id: str, visitor: Visitor, web: Resources) -> HTMLResponse:
    """How far an import is, or what became of it."""
    context = _shown(kind, await visitor.interface.get(f"/v1/{kind}/imports/{import_id}"))
    if not wants_fragment(request):
        return await whole_page(request, visitor, web, "import.html", **context)
    response = html("import.html", **context)
    if not context["running"]:
        response.headers["HX-Trigger"] = "imported"
    return response


@router.get("/{kind}/{import_id}/report.xlsx")
async def report(kind: Kind, import_id: str, visitor: Visitor) -> Response:
    """The rejected rows with their reasons, to be corrected and handed in again."""
    sheet = await visitor.interface.download(f"/v1/{kind}/imports/{import_id}/report.xlsx")
    kept = {name: sheet.headers[name] for name in ("content-type", "content-disposition") if name in sheet.headers}
    return Response(sheet.content, headers=HEADERS | kept)


def _shown(kind: Kind, taken: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": kind,
        "title": TITLES[kind],
        "taken": taken,
        "running": taken["state"] in _UNFINISHED,
        "findings": taken["report"]["findings"][:FINDINGS_SHOWN],
    }
