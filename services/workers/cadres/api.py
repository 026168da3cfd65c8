"""The routes of /v1/cadres."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.kernel.http.documentation import problem_responses
from services.kernel.http.paging import Cursor, Limit, Page
from services.kernel.http.preconditions import etag
from services.workers.cadres import commands, queries
from services.workers.cadres.schemas import CadreChanges, CadreView, NewCadre
from services.workers.dependencies import Expected, Reader, Resources, Retryable, Writer

router = APIRouter(prefix="/v1/cadres", tags=["followups"])


@router.post("", status_code=201, response_model=CadreView, responses=problem_responses(403, 422))
async def enter_cadre(body: NewCadre, resources: Resources, writer: Writer, call: Retryable) -> Response:
    """Enter a person who looks after workers (包保责任人、联络员)."""
    return (await commands.add(resources, writer.scope, body, call)).response()


@router.get("")
async def list_cadres(
    resources: Resources,
    reader: Reader,
    *,
    county_code: Annotated[str | None, Query(max_length=12)] = None,
    township: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[CadreView]:
    """Those who look after workers."""
    asked = {"county_code": county_code, "township": township}
    wanted = {name: value for name, value in asked.items() if value is not None}
    return await queries.page(resources, reader.scope, wanted, cursor, limit)


@router.get("/{cadre_id}", responses=problem_responses(404))
async def read_cadre(cadre_id: str, resources: Resources, reader: Reader, response: Response) -> CadreView:
    """One of them; the version is the ETag."""
    cadre = await queries.cadre(resources, reader.scope, cadre_id)
    response.headers["ETag"] = etag(cadre.version)
    return CadreView.of(cadre)


@router.patch("/{cadre_id}", response_model=CadreView, responses=problem_responses(404, 412, 428))
async def amend_cadre(cadre_id: str, body: CadreChanges, resources: Resources, writer: Writer, expected: Expected) -> Response:
    """Amend one: the fields given, in the version seen (If-Match)."""
    return (await commands.amend(resources, writer.scope, cadre_id, expected, body)).response()
