"""The routes of one person's documents."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response

from services.contracts.permissions import Permission
from services.kernel.http.auth import Principal, require
from services.matcher.api import Resources
from services.matcher.subjects import queries
from services.matcher.subjects.schemas import ErasedFromIndex, IndexedSubject

router: Final = APIRouter(prefix="/v1", tags=["subjects"])

Exporter = Annotated[Principal, Depends(require(Permission.SUBJECTS_EXPORT))]

Eraser = Annotated[Principal, Depends(require(Permission.WORKERS_ERASE))]


@router.get("/index/workers/{worker_id}")
async def read_indexed(worker_id: str, resources: Resources, exporter: Exporter, response: Response) -> IndexedSubject:
    """What search and ranking hold about a person: for the person, who asked for it (PIPL 24, 45)."""
    response.headers["Cache-Control"] = "no-store"
    return await queries.indexed(resources, exporter.scope, worker_id)


@router.get("/index/erasures/{worker_id}")
async def read_erased(worker_id: str, resources: Resources, eraser: Eraser) -> ErasedFromIndex:
    """Whether every generation of the index has lost an erased person."""
    return await queries.erased(resources, eraser.scope, worker_id)
