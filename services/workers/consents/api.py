"""The routes of a person's declarations and visibility."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from services.contracts.permissions import Permission
from services.kernel.http.auth import Principal, require
from services.kernel.http.documentation import problem_responses
from services.workers.consents import commands, queries
from services.workers.consents.schemas import ConsentList, ConsentWithdrawal, NewConsent, VisibilityView
from services.workers.dependencies import Reader, Resources, Retryable

router: Final = APIRouter(prefix="/v1/workers/{worker_id}", tags=["consents"])

Writer = Annotated[Principal, Depends(require(Permission.CONSENTS_WRITE))]


@router.post("/consents", status_code=201, response_model=ConsentList, responses=problem_responses(404, 409, 422))
async def give_consent(worker_id: str, body: NewConsent, resources: Resources, writer: Writer, call: Retryable) -> Response:
    """Record what a person agreed or objected to."""
    return (await commands.give(resources, writer.scope, worker_id, body, call)).response()


@router.post("/consents/{consent_id}/withdrawal", response_model=ConsentList, responses=problem_responses(404, 409, 422))
async def withdraw_consent(
    *, worker_id: str, consent_id: str, body: ConsentWithdrawal, resources: Resources, writer: Writer, call: Retryable
) -> Response:
    """Take it back. It holds at once, in search too."""
    return (await commands.withdraw(resources, writer.scope, worker_id, consent_id, how=body.how, call=call)).response()


@router.get("/consents")
async def list_consents(worker_id: str, resources: Resources, reader: Reader) -> ConsentList:
    """Everything a person agreed or objected to, with what was taken back."""
    return await queries.page(resources, reader.scope, worker_id)


@router.get("/visibility")
async def read_visibility(worker_id: str, resources: Resources, reader: Reader) -> VisibilityView:
    """Who may see this person, and what keeps others from it."""
    return await queries.seen_by(resources, reader.scope, worker_id)
