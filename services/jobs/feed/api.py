"""The routes of /v1/changes (an employer's own) and /v1/feed (published openings for other systems)."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from services.contracts.permissions import Permission
from services.contracts.vocabulary import codes, divisions, occupations
from services.contracts.vocabulary.partnerships import Scheme
from services.jobs.api import Reader, Resources
from services.jobs.feed import queries
from services.jobs.feed.entry import Chosen
from services.jobs.feed.schemas import OwnChanges, PublicChanges
from services.kernel.errors import FieldError, UnknownCode
from services.kernel.http.auth import require
from services.kernel.http.documentation import problem_responses
from services.kernel.http.preconditions import etag, not_modified
from services.kernel.http.validation import shown

router = APIRouter(tags=["feeds"])
GZIP: Final = "application/gzip"
_FOLLOW: Final = [Depends(require(Permission.FEED_READ))]
_GONE: Final = problem_responses(410)
_SNAPSHOT: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {GZIP: {"schema": {"type": "string", "format": "binary"}}}}
}
_Code = Annotated[str | None, Query(max_length=64)]
_After = Annotated[str, Query(max_length=512, description="the cursor of a snapshot, or `next` of the page before")]
_Limit = Annotated[int, Query(ge=1, le=1000, description="changes in one answer")]


def chosen(
    *,
    province_code: _Code = None,
    city_code: _Code = None,
    district_code: _Code = None,
    kind: _Code = None,
    occupation_id: _Code = None,
    employer_id: _Code = None,
    employer_kind: _Code = None,
    contract_form: _Code = None,
    scheme: Scheme | None = None,
) -> Chosen:
    """The feed's filters. Raises UnknownCode, naming it."""
    places = {code for code in (province_code, city_code, district_code) if code and divisions.load().get(code)}
    known: dict[str, tuple[str | None, Any]] = {
        "province_code": (province_code, places),
        "city_code": (city_code, places),
        "district_code": (district_code, places),
        "kind": (kind, codes.POSTING_KINDS),
        "occupation_id": (occupation_id, occupations.load()),
        "employer_kind": (employer_kind, codes.EMPLOYER_KINDS),
        "contract_form": (contract_form, codes.CONTRACT_FORMS),
    }
    for name, (code, vocabulary) in known.items():
        if code is not None and code not in vocabulary:
            error = FieldError(f"query:{name}", "unknown_code", f"目录里没有“{shown(code)}”")
            raise UnknownCode(error.detail, errors=[error])
    asked = {name: code for name, (code, _) in known.items()} | {"employer_id": employer_id, "scheme": scheme}
    return Chosen({name: code for name, code in asked.items() if code is not None})


Filters = Annotated[Chosen, Depends(chosen)]


@router.get("/v1/changes", response_model=OwnChanges, responses=_GONE)
async def read_changes(
    *,
    request: Request,
    response: Response,
    resources: Resources,
    reader: Reader,
    after: Annotated[
        str | None, Query(max_length=512, description="`next` of the answer before; from the oldest without")
    ] = None,
    limit: _Limit = 200,
) -> Response | OwnChanges:
    """What became of the caller's postings since a cursor, in order, with tombstones. The ETag tells the newest change: with
    If-None-Match an answer without news is a 304."""
    told, newest = await queries.own_changes(resources, reader, after, limit)
    response.headers["ETag"] = etag(newest + 1)
    return not_modified(request, newest + 1) or told


@router.get("/v1/feed/snapshot", dependencies=_FOLLOW, response_class=Response, responses=_SNAPSHOT)
async def read_snapshot(resources: Resources, filters: Filters) -> StreamingResponse:
    """All published openings that the filters choose, as a gzip of JSON lines. The last line, `{"end": true, …}`, holds the
    count and the cursor for /v1/feed/changes; a file without it is not whole."""
    headers = {"Content-Disposition": 'attachment; filename="postings.ndjson.gz"', "Cache-Control": "no-store"}
    return StreamingResponse(queries.snapshot(resources, filters), media_type=GZIP, headers=headers)


@router.get("/v1/feed/changes", dependencies=_FOLLOW, responses=_GONE)
async def read_feed(resources: Resources, filters: Filters, after: _After, limit: _Limit = 200) -> PublicChanges:
    """What became of them since. A cursor fits the filters it was given for."""
    return await queries.public_changes(resources, filters, after, limit)
