"""The routes of /v1/employers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.contracts.permissions import Permission
from services.jobs.api import Expected, Resources, Retryable
from services.jobs.employers import commands, queries
from services.jobs.employers.employer import Standing
from services.jobs.employers.repository import Filter
from services.jobs.employers.schemas import (
    Blacklisting,
    Contacts,
    ContactsView,
    EmployerChanges,
    EmployerView,
    NewEmployer,
    NewStanding,
    NewVerification,
)
from services.jobs.employers.uscc import tidied
from services.kernel.http.auth import Principal, require
from services.kernel.http.documentation import problem_responses
from services.kernel.http.paging import Cursor, Limit, Page
from services.kernel.http.preconditions import etag, not_modified

router = APIRouter(prefix="/v1/employers", tags=["employers"])
Reader = Annotated[Principal, Depends(require(Permission.EMPLOYERS_READ))]
Writer = Annotated[Principal, Depends(require(Permission.EMPLOYERS_WRITE))]
Verifier = Annotated[Principal, Depends(require(Permission.EMPLOYERS_VERIFY))]
_CHANGED = problem_responses(409, 412, 428)
_JUDGED = problem_responses(409, 422)


def wanted(
    name: Annotated[str | None, Query(max_length=60, description="part of the name")] = None,
    uscc: Annotated[str | None, Query(max_length=30)] = None,
    kind: Annotated[str | None, Query(max_length=12)] = None,
    standing: Standing | None = None,
    verified: bool | None = None,
) -> Filter:
    """The list's filters."""
    return Filter(name, tidied(uscc) if uscc else None, kind, standing, verified)


@router.post("", status_code=201, response_model=EmployerView, responses=_JUDGED)
async def register_employer(
    body: NewEmployer,
    resources: Resources,
    _staff: Verifier,
    call: Retryable,
) -> Response:
    """Register an employer."""
    return (await commands.register(resources, body, call)).response()


@router.get("")
async def list_employers(
    resources: Resources, reader: Reader, chosen: Annotated[Filter, Depends(wanted)], limit: Limit = 50, cursor: Cursor = None
) -> Page[EmployerView]:
    """Employers, newest first."""
    return await queries.page(resources, reader, chosen, cursor, limit)


@router.get("/{employer_id}", response_model=EmployerView)
async def read_employer(
    employer_id: str, resources: Resources, reader: Reader, request: Request, response: Response
) -> Response | EmployerView:
    """One employer; its version is the ETag."""
    employer = await queries.employer(resources, reader, employer_id)
    response.headers["ETag"] = etag(employer.version)
    return not_modified(request, employer.version) or EmployerView.of(employer)


@router.patch("/{employer_id}", response_model=EmployerView, responses=_CHANGED)
async def amend_employer(
    employer_id: str, body: EmployerChanges, resources: Resources, writer: Writer, expected: Expected
) -> Response:
    """Amend an employer: the fields given, in the version seen (If-Match). Papers seen for other particulars count no more."""
    return (await commands.amend(resources, writer, employer_id, expected, body)).response()


@router.get("/{employer_id}/contacts")
async def read_contacts(employer_id: str, resources: Resources, writer: Writer, response: Response) -> ContactsView:
    """Whom to turn to."""
    response.headers["Cache-Control"] = "no-store"
    return await commands.contacts(resources, writer, employer_id)


@router.put("/{employer_id}/contacts")
async def replace_contacts(employer_id: str, body: Contacts, resources: Resources, writer: Writer) -> ContactsView:
    """Keep these contacts in place of those before."""
    return await commands.keep_contacts(resources, writer, employer_id, body)


@router.post("/{employer_id}/verification", response_model=EmployerView, responses=_JUDGED)
async def verify_employer(
    employer_id: str, body: NewVerification, resources: Resources, staff: Verifier, call: Retryable
) -> Response:
    """Staff saw its papers."""
    now = resources.clock.now()
    seen = tuple(body.documents)
    step = lambda one: one.verify(staff.id, seen, now)  # noqa: E731 - read at once
    return (await commands.judge(resources, staff, employer_id, step, call, deed="verified")).response()


@router.post("/{employer_id}/standing", response_model=EmployerView, responses=_JUDGED)
async def set_standing(employer_id: str, body: NewStanding, resources: Resources, staff: Verifier, call: Retryable) -> Response:
    """Warn, suspend (its postings hide at once), or clear an employer."""
    now = resources.clock.now()
    step = lambda one: one.stand(body.standing, body.reason_code, body.reason, now)  # noqa: E731 - read at once
    return (await commands.judge(resources, staff, employer_id, step, call, deed="judged")).response()


@router.post("/{employer_id}/blacklisting", response_model=EmployerView, responses=_JUDGED)
async def blacklist_employer(
    employer_id: str, body: Blacklisting, resources: Resources, staff: Verifier, call: Retryable
) -> Response:
    """Put on the blacklist through a day: its postings hide at once and come back by themselves."""
    now, today = resources.clock.now(), resources.clock.today()
    step = lambda one: one.blacklist(body.until, body.reason, now, today)  # noqa: E731 - read at once
    return (await commands.judge(resources, staff, employer_id, step, call, deed="blacklisted")).response()


@router.delete("/{employer_id}/blacklisting", response_model=EmployerView)
async def unlist_employer(employer_id: str, resources: Resources, staff: Verifier) -> Response:
    """Take off the blacklist early."""
    now = resources.clock.now()
    return (await commands.judge(resources, staff, employer_id, lambda one: one.unlist(now), None, deed="unlisted")).response()
