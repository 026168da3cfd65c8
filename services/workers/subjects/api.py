"""The route of what is held about one person."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from services.contracts.permissions import Permission
from services.kernel.http.auth import Principal, require
from services.kernel.http.documentation import problem_responses
from services.workers.dependencies import Resources
from services.workers.subjects import queries
from services.workers.subjects.schemas import HeldAboutSubject

router: Final = APIRouter(prefix="/v1/workers/{worker_id}", tags=["subjects"])

Exporter = Annotated[Principal, Depends(require(Permission.SUBJECTS_EXPORT))]


@router.get("/held", responses=problem_responses(404))
async def read_held(worker_id: str, resources: Resources, exporter: Exporter, response: Response) -> HeldAboutSubject:
    """Everything the register holds about a person, in clear: for the person, who asked for it (PIPL 45)."""
    response.headers["Cache-Control"] = "no-store"
    return await queries.held(resources, exporter.scope, worker_id)
