"""The routes of a record's versions."""

from typing import Annotated

from fastapi import APIRouter, Path

from services.kernel.http.documentation import problem_responses
from services.workers.dependencies import Reader, Resources
from services.workers.history import queries
from services.workers.history.schemas import VersionList
from services.workers.schemas import WorkerView

router = APIRouter(prefix="/v1/workers/{worker_id}/versions", tags=["workers"])


@router.get("", responses=problem_responses(404))
async def list_versions(worker_id: str, resources: Resources, reader: Reader) -> VersionList:
    """Who changed what of a record, when: the newest first."""
    return await queries.versions(resources, reader.scope, worker_id)


@router.get("/{version}", responses=problem_responses(404))
async def read_version(worker_id: str, version: Annotated[int, Path(ge=1)], resources: Resources, reader: Reader) -> WorkerView:
    """A record as it stood at one version, identifiers masked."""
    worker = await queries.version(resources, reader.scope, worker_id, version)
    return WorkerView.of(worker, resources.clock.today())
