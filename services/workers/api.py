"""The routes of /v1/workers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.contracts.permissions import Permission
from services.contracts.vocabulary import divisions
from services.kernel.errors import FieldError, UnknownCode
from services.kernel.http.documentation import problem_responses
from services.kernel.http.paging import Cursor, Limit, Page
from services.kernel.http.preconditions import etag, not_modified
from services.kernel.http.validation import shown
from services.kernel.imports.outcomes import Policy
from services.kernel.imports.routes import import_routes
from services.workers import commands, queries
from services.workers.dependencies import Expected, Reader, Resources, Retryable, Writer
from services.workers.profile import State
from services.workers.repository import Filter
from services.workers.schemas import NewWorker, Withdrawal, WorkerChanges, WorkerCounts, WorkerSummary, WorkerView

imports = import_routes(
    "/v1/workers/imports", lambda request: request.app.state.workers.imports, Permission.WORKERS_IMPORT, tuple(Policy)
)
router = APIRouter(prefix="/v1/workers", tags=["workers"])


def county(county_code: Annotated[str | None, Query(max_length=12)] = None) -> str | None:
    """A county to look at; None does not ask. Raises UnknownCode, naming it."""
    division = divisions.load().get(county_code) if county_code is not None else None
    if county_code is not None and (division is None or division.level != "county"):
        error = FieldError("query:county_code", "unknown_code", f"县级行政区划里没有“{shown(county_code)}”")
        raise UnknownCode(error.detail, errors=[error])
    return county_code


def wanted(
    county_code: Annotated[str | None, Depends(county)],
    number: Annotated[str | None, Query(max_length=64, description="序号 in the register")] = None,
    state: State | None = None,
) -> Filter:
    """The list's filters."""
    return Filter(number=number, county_code=county_code, state=state)


@router.post("", status_code=201, response_model=WorkerView, responses=problem_responses(409, 422))
async def register_worker(body: NewWorker, resources: Resources, writer: Writer, call: Retryable) -> Response:
    """Register a person. Who had left comes back under the same id."""
    return (await commands.register(resources, writer.scope, body, call)).response()


@router.get("")
async def list_workers(
    resources: Resources, reader: Reader, chosen: Annotated[Filter, Depends(wanted)], limit: Limit = 50, cursor: Cursor = None
) -> Page[WorkerSummary]:
    """Workers, newest first."""
    return await queries.page(resources, reader.scope, chosen, cursor, limit)


@router.get("/counts")
async def count_workers(resources: Resources, reader: Reader) -> WorkerCounts:
    """How many workers there are, and how many changes wait for the stream."""
    return await queries.counts(resources, reader.scope)


@router.get("/{worker_id}", response_model=WorkerView, responses=problem_responses(404))
async def read_worker(
    worker_id: str, resources: Resources, reader: Reader, request: Request, response: Response
) -> Response | WorkerView:
    """One worker, identifiers masked; the version is the ETag."""
    worker = await queries.worker(resources, reader.scope, worker_id)
    response.headers["ETag"] = etag(worker.version)
    if (unchanged := not_modified(request, worker.version)) is not None:
        return unchanged
    await queries.note_read(resources, worker)
    return WorkerView.of(worker, resources.clock.today())


@router.patch(
    "/{worker_id}",
    response_model=WorkerView,
    responses=problem_responses(404, 409, 412, 428),
)
async def amend_worker(
    worker_id: str, body: WorkerChanges, resources: Resources, writer: Writer, expected: Expected
) -> Response:
    """Amend a worker: the fields given, in the version seen (If-Match)."""
    return (await commands.amend(resources, writer.scope, worker_id, expected, body)).response()


@router.post(
    "/{worker_id}/withdrawal",
    response_model=WorkerView,
    responses=problem_responses(404, 409, 422),
)
async def withdraw_worker(
    worker_id: str, resources: Resources, writer: Writer, call: Retryable, body: Withdrawal | None = None
) -> Response:
    """Take a person off the register. Searches stop showing them at once."""
    return (await commands.withdraw(resources, writer.scope, worker_id, body or Withdrawal(), call)).response()
