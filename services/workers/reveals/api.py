"""The routes of reveals."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from services.contracts.permissions import Permission
from services.kernel.http.auth import Principal, require
from services.kernel.http.documentation import problem_responses
from services.kernel.http.limits import Spends
from services.kernel.identity.port import Allowance
from services.workers.dependencies import Resources
from services.workers.reveals import commands
from services.workers.reveals.schemas import RevealedContact, RevealedFields, RevealRequest

router: Final = APIRouter(prefix="/v1/workers/{worker_id}", tags=["reveals"])

Revealer = Annotated[Principal, Depends(require(Permission.WORKERS_REVEAL))]
Caller = Annotated[Principal, Depends(require(Permission.CONTACTS_REVEAL))]


@router.post("/reveal", responses=problem_responses(404))
async def reveal_worker(
    worker_id: str, body: RevealRequest, resources: Resources, revealer: Revealer, response: Response
) -> RevealedFields:
    """Identifiers in clear, for staff, for a purpose. Every time is audited; the answer is not to be stored."""
    response.headers["Cache-Control"] = "no-store"
    return await commands.reveal(resources, revealer.scope, worker_id, body)


@router.post(
    "/contact",
    dependencies=[Depends(Spends(Allowance.CONTACT_REVEALS))],
    responses=problem_responses(403, 404, 429),
)
async def reveal_contact(worker_id: str, resources: Resources, caller: Caller, response: Response) -> RevealedContact:
    """Name and phone for an employer whom the person named in a separate consent; so many a day."""
    response.headers["Cache-Control"] = "no-store"
    return await commands.contact(resources, caller.scope.employer_id, worker_id)
