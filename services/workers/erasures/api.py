"""The routes of erasures."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends

from services.contracts.permissions import Permission
from services.kernel.http.auth import Principal, require
from services.kernel.http.documentation import problem_responses
from services.workers.dependencies import Resources
from services.workers.erasures import commands, queries
from services.workers.erasures.schemas import ErasureProof, ErasureRequest, ErasureView

router: Final = APIRouter(prefix="/v1/workers/{worker_id}", tags=["erasures"])

Eraser = Annotated[Principal, Depends(require(Permission.WORKERS_ERASE))]


@router.post("/erasure", status_code=202, responses=problem_responses(404))
async def erase_worker(worker_id: str, resources: Resources, eraser: Eraser, body: ErasureRequest | None = None) -> ErasureView:
    """Erase a person for good: what is held is destroyed before the answer, search follows. It cannot be undone."""
    return await commands.erase(resources, eraser.scope, worker_id, body or ErasureRequest())


@router.get("/erasure", dependencies=[Depends(require(Permission.WORKERS_ERASE))], responses=problem_responses(404))
async def prove_erasure(worker_id: str, resources: Resources) -> ErasureProof:
    """What the workers database still holds of an erased person: the proof that it is nothing."""
    return await queries.proof(resources, worker_id)
