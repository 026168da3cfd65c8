"""What reads versions. Who reads how a person's record stood is audited like who reads how it stands."""

from collections.abc import Sequence
from itertools import pairwise

from services.kernel.errors import NotFound
from services.kernel.http.auth import Scope
from services.workers import queries
from services.workers.history.schemas import VersionList, VersionSummary
from services.workers.profile import Worker, differences
from services.workers.repository import Version
from services.workers.resources import WorkersService


async def versions(service: WorkersService, scope: Scope, worker_id: str) -> VersionList:
    """The versions of a record. Raises WorkerNotFound."""
    found = await _versions(service, scope, worker_id)
    before = {newer.worker.version: older.worker for newer, older in pairwise(found)}
    return VersionList(items=[_summary(one, before.get(one.worker.version)) for one in found])


async def version(service: WorkersService, scope: Scope, worker_id: str, number: int) -> Worker:
    """The record as it stood at one version. Raises WorkerNotFound, NotFound."""
    found = await _versions(service, scope, worker_id)
    for one in found:
        if one.worker.version == number:
            await queries.note_read(service, one.worker)
            return one.worker
    raise NotFound("没有这一版")


async def _versions(service: WorkersService, scope: Scope, worker_id: str) -> Sequence[Version]:
    await queries.worker(service, scope, worker_id)
    async with service.store.read() as connection:
        return await service.workers.versions(connection, worker_id)


def _summary(one: Version, before: Worker | None) -> VersionSummary:
    worker = one.worker
    return VersionSummary(
        version=worker.version,
        changed_at=worker.changed_at,
        changed_by=one.changed_by,
        state=worker.state,
        fields=differences(before.profile, worker.profile) if before is not None else (),
    )
