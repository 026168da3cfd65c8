"""The routes of /v1/postings."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.contracts.permissions import Permission
from services.contracts.vocabulary import codes, divisions
from services.jobs import commands, queries
from services.jobs.posting import Status
from services.jobs.private import Private
from services.jobs.repository import Filter
from services.jobs.resources import Jobs
from services.jobs.schemas import NewPosting, PostingChanges
from services.jobs.views import PostingCounts, PostingView
from services.kernel.errors import FieldError, UnknownCode
from services.kernel.http.auth import Principal, require
from services.kernel.http.documentation import problem_responses
from services.kernel.http.idempotency import Call, idempotent_call
from services.kernel.http.paging import Cursor, Limit, Page
from services.kernel.http.preconditions import etag, expected_version, not_modified
from services.kernel.http.validation import shown
from services.kernel.imports.routes import import_routes

imports = import_routes("/v1/postings/imports", lambda request: request.app.state.jobs.imports, Permission.POSTINGS_IMPORT)
router = APIRouter(prefix="/v1/postings", tags=["postings"])

Reader = Annotated[Principal, Depends(require(Permission.POSTINGS_READ))]
Writer = Annotated[Principal, Depends(require(Permission.POSTINGS_WRITE))]
Retryable = Annotated[Call | None, Depends(idempotent_call)]
Expected = Annotated[int, Depends(expected_version)]
_Code = Annotated[str | None, Query(max_length=12)]


def jobs_of(request: Request) -> Jobs:
    """The service's resources."""
    resources: Jobs = request.app.state.jobs
    return resources


Resources = Annotated[Jobs, Depends(jobs_of)]


def _known(field: str, code: str | None, level: str) -> str | None:
    division = divisions.load().get(code) if code is not None else None
    if code is not None and (division is None or division.level not in level):
        error = FieldError(f"query:{field}", "unknown_code", f"行政区划里没有“{shown(code)}”")
        raise UnknownCode(error.detail, errors=[error])
    return code


def _kind(code: str | None) -> str | None:
    if code is not None and code not in codes.POSTING_KINDS:
        error = FieldError("query:kind", "unknown_code", f"岗位类别里没有“{shown(code)}”")
        raise UnknownCode(error.detail, errors=[error])
    return code


def wanted(
    resources: Resources,
    *,
    number: Annotated[str | None, Query(max_length=64, description="岗位编号")] = None,
    status: Status | None = None,
    kind: Annotated[str | None, Query(max_length=40)] = None,
    employer_id: Annotated[str | None, Query(max_length=64)] = None,
    external_reference: Annotated[str | None, Query(max_length=128)] = None,
    province_code: _Code = None,
    city_code: _Code = None,
    district_code: _Code = None,
    open_today: Annotated[bool, Query(alias="open", description="only published and not expired")] = False,
) -> Filter:
    """The list's filters. Raises UnknownCode, naming it."""
    return Filter(
        number=number,
        status=status,
        kind=_kind(kind),
        employer_id=employer_id,
        external_reference=external_reference,
        province_code=_known("province_code", province_code, "province"),
        city_code=_known("city_code", city_code, "province, prefecture"),  # a municipality is its own city
        district_code=_known("district_code", district_code, "county"),
        open_on=resources.clock.today() if open_today else None,
    )


@router.post("", status_code=201, response_model=PostingView, responses=problem_responses(409, 422))
async def publish_posting(body: NewPosting, resources: Resources, writer: Writer, call: Retryable) -> Response:
    """Publish an opening, or keep it as a draft. What the law forbids about it keeps it a draft; what a person must see first
    waits as submitted: `status` and `findings` tell."""
    return (await commands.publish(resources, writer, body, call)).response()


@router.get("")
async def list_postings(
    resources: Resources, reader: Reader, chosen: Annotated[Filter, Depends(wanted)], limit: Limit = 50, cursor: Cursor = None
) -> Page[PostingView]:
    """Postings, newest first."""
    return await queries.page(resources, reader, chosen, cursor, limit)


@router.get("/counts")
async def count_postings(resources: Resources, reader: Reader) -> PostingCounts:
    """How many postings there are, how many people they look for, and how many changes wait for the stream."""
    return await queries.counts(resources, reader)


@router.get("/{posting_id}", response_model=PostingView)
async def read_posting(
    posting_id: str, resources: Resources, reader: Reader, request: Request, response: Response
) -> Response | PostingView:
    """One posting; its version is the ETag."""
    posting = await queries.posting(resources, reader, posting_id)
    response.headers["ETag"] = etag(posting.version)
    return not_modified(request, posting.version) or PostingView.of(posting)


@router.get("/{posting_id}/private")
async def read_posting_private(posting_id: str, resources: Resources, writer: Writer, response: Response) -> Private:
    """Whom to ask about a posting, and the message it came from."""
    response.headers["Cache-Control"] = "no-store"
    return await queries.sealed(resources, writer, posting_id)


@router.patch("/{posting_id}", response_model=PostingView, responses=problem_responses(409, 412, 422, 428))
async def amend_posting(
    posting_id: str, body: PostingChanges, resources: Resources, writer: Writer, expected: Expected
) -> Response:
    """Amend a posting: the fields given, in the version seen (If-Match)."""
    return (await commands.amend(resources, writer, posting_id, expected, body)).response()
