"""The routes of following up."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.kernel.http.documentation import problem_responses
from services.kernel.http.paging import Cursor, Limit, Page
from services.kernel.imports.routes import attachment
from services.kernel.text_sheets import XLSX
from services.workers.api import county
from services.workers.dependencies import SHEET, Exporter, Reader, Resources, Retryable, Writer
from services.workers.followups import commands, queries, worksheet
from services.workers.followups.due import Wanted
from services.workers.followups.schemas import (
    REASONS,
    Assignment,
    BulkAction,
    BulkResult,
    FollowUpView,
    NewContact,
    OverdueReport,
    ReasonCode,
    StaleReport,
    Task,
    WorksheetRequest,
)
from services.workers.notices import STALE_DAYS

router = APIRouter(tags=["followups"])


def wanted(
    resources: Resources,
    county_code: Annotated[str | None, Depends(county)],
    *,
    on: Annotated[date | None, Query(description="due on this day or before; today if left out")] = None,
    reason: Annotated[list[ReasonCode] | None, Query(description="one of these reasons")] = None,
    township: Annotated[str | None, Query(max_length=64)] = None,
    cadre_id: Annotated[str | None, Query(max_length=64, description='"" is: nobody is responsible')] = None,
    stale_days: Annotated[int, Query(ge=1, le=3650, description="an intention is stale after so many days")] = STALE_DAYS,
) -> Wanted:
    """Which tasks a list shows."""
    return Wanted(on or resources.clock.today(), tuple(reason or REASONS), county_code, township, cadre_id, stale_days)


Chosen = Annotated[Wanted, Depends(wanted)]


@router.post(
    "/v1/workers/{worker_id}/contacts", status_code=201, response_model=FollowUpView, responses=problem_responses(404, 409, 422)
)
async def record_contact(worker_id: str, body: NewContact, resources: Resources, writer: Writer, call: Retryable) -> Response:
    """Keep a contact with a worker: the reminder before it ends, the next one begins. FU22 and FU23 take the person off the
    register at once."""
    return (await commands.contact(resources, writer.scope, worker_id, body, call)).response()


@router.post("/v1/workers/{worker_id}/assignment", response_model=FollowUpView, responses=problem_responses(404, 409, 422))
async def assign_worker(worker_id: str, body: Assignment, resources: Resources, writer: Writer, call: Retryable) -> Response:
    """Let another look after a worker."""
    return (await commands.assign(resources, writer.scope, worker_id, body, call)).response()


@router.get("/v1/workers/{worker_id}/followup", responses=problem_responses(404))
async def read_followup(worker_id: str, resources: Resources, reader: Reader) -> FollowUpView:
    """How a worker is followed up, with all contacts."""
    return await queries.followup(resources, reader.scope, worker_id)


@router.post("/v1/followups/bulk", response_model=BulkResult, responses=problem_responses(409, 422))
async def act_in_bulk(body: BulkAction, resources: Resources, writer: Writer, call: Retryable) -> Response:
    """Assign, contact or postpone workers named one by one, up to 500; who is not done is told with the reason."""
    return (await commands.bulk(resources, writer.scope, body, call)).response()


@router.get("/v1/followups/tasks")
async def list_tasks(
    resources: Resources, reader: Reader, chosen: Chosen, limit: Limit = 50, cursor: Cursor = None
) -> Page[Task]:
    """Who is to be contacted and why, those due longest first."""
    return await queries.tasks(resources, reader.scope, chosen, cursor, limit)


@router.post("/v1/followups/worksheets", response_class=Response, responses=SHEET | problem_responses(400, 422))
async def make_worksheet(body: WorksheetRequest, resources: Resources, exporter: Exporter) -> Response:
    """Those to be contacted as an .xlsx to take along, names and phones in clear; every person's row is audited with the
    purpose."""
    day = body.on or resources.clock.today()
    chosen = Wanted(day, body.reasons, body.county_code, body.township, body.cadre_id, body.stale_days)
    content = await worksheet.tasks(resources, exporter.scope, chosen, body.purpose)
    return attachment(content, f"待联系-{day}.xlsx", XLSX)


@router.get("/v1/followups/overdue.xlsx", response_class=Response, responses=SHEET)
async def overdue_sheet(resources: Resources, reader: Reader, chosen: Chosen) -> Response:
    """The same as a sheet."""
    report = await queries.overdue(resources, reader.scope, chosen)
    return attachment(await worksheet.overdue(report), f"逾期未联系-{report.on}.xlsx", XLSX)


@router.get("/v1/followups/stale")
async def report_stale(resources: Resources, reader: Reader, chosen: Chosen) -> StaleReport:
    """Intentions older than `stale_days`, by township and responsible person; /v1/followups/tasks?reason=intention_stale
    names the people."""
    return await queries.stale(resources, reader.scope, chosen)


@router.get("/v1/followups/stale.xlsx", response_class=Response, responses=SHEET)
async def stale_sheet(resources: Resources, reader: Reader, chosen: Chosen) -> Response:
    """The same as a sheet."""
    report = await queries.stale(resources, reader.scope, chosen)
    return attachment(await worksheet.stale(report), f"意向过期-{report.on}.xlsx", XLSX)


@router.get("/v1/followups/overdue")
async def report_overdue(resources: Resources, reader: Reader, chosen: Chosen) -> OverdueReport:
    """What is overdue, by township and responsible person."""
    return await queries.overdue(resources, reader.scope, chosen)
