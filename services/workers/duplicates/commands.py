"""What merges records and parts them again: each function is one transaction."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.audit import Entry
from services.kernel.audit.actor import present
from services.kernel.errors import Conflict, NotFound
from services.kernel.http.auth import Scope
from services.kernel.http.idempotency import Answer, Call
from services.kernel.http.preconditions import check_version
from services.kernel.ids import new_id
from services.workers.consents import repository as declarations
from services.workers.duplicates import repository
from services.workers.duplicates.merging import ID_PREFIX, UNDONE_WITHIN, Merge, filled, parted
from services.workers.duplicates.schemas import MergeView, NewMerge
from services.workers.errors import WorkerWithdrawn
from services.workers.leaving import left
from services.workers.profile import State, Worker, differences
from services.workers.resources import WorkersService
from services.workers.schemas import WorkerView
from services.workers.writing import amended, existing, keep_all


class MergeNotFound(NotFound):
    code = "merge_not_found"
    title = "没有这次合并"


class MergeStands(Conflict):
    """Undone already, or more than thirty days ago."""

    code = "merge_stands"
    title = "这次合并已撤销，或已超过三十天，不能再撤销"


async def tell_apart(service: WorkersService, scope: Scope, worker_ids: list[str]) -> None:
    """Keep that these records belong to different people. Raises WorkerNotFound."""
    async with service.store.write() as connection:
        for id_ in worker_ids:
            await existing(service, scope, connection, id_)
        await repository.tell_apart(connection, worker_ids, present().id, service.clock.now())
        await service.audit.record(connection, *(Entry("worker.told_apart", id_) for id_ in worker_ids))


async def merge(service: WorkersService, scope: Scope, body: NewMerge, call: Call | None) -> Answer:
    """Merge two records: the kept one is filled, the other leaves the register and keeps its history.

    Raises WorkerNotFound, VersionMismatch, WorkerWithdrawn, and what Idempotency.transaction raises."""
    async with service.idempotency.transaction(service.store, call) as unit:
        if unit.answer is None:
            connection = unit.connection
            kept = await existing(service, scope, connection, body.kept_id)
            absorbed = await existing(service, scope, connection, body.absorbed_id)
            check_version(body.kept_version, kept.version)
            check_version(body.absorbed_version, absorbed.version)
            if State.WITHDRAWN in (kept.state, absorbed.state):
                raise WorkerWithdrawn()
            after = amended(service, kept, filled(kept.profile, absorbed.profile))
            now = service.clock.now()
            one = Merge(new_id(ID_PREFIX), kept.id, kept.version, after.version, absorbed.id, now, present().id)
            gone = await left(service, connection, absorbed, f"与 {kept.id} 合并")
            await repository.add(connection, one)
            entries = [
                Entry("worker.merged", kept.id, differences(kept.profile, after.profile)),
                Entry("worker.absorbed", absorbed.id),
            ]
            await keep_all(service, connection, [gone] if after is kept else [after, gone], entries)
            unit.answer = _answer(service, 201, one, after)
    return unit.answer


async def undo(service: WorkersService, scope: Scope, merge_id: str) -> Answer:
    """Part two records again: the absorbed one is as it was, the kept one loses what was filled in and not changed since.

    Raises MergeNotFound, MergeStands, WorkerNotFound."""
    async with service.store.write() as connection:
        one = await repository.get(connection, merge_id)
        if one is None or await service.workers.get(connection, one.kept_id, scope) is None:
            raise MergeNotFound()
        now = service.clock.now()
        if not one.can_be_undone(now):
            raise MergeStands()
        kept = await existing(service, scope, connection, one.kept_id)
        absorbed = await existing(service, scope, connection, one.absorbed_id)
        changed = [await _back(connection, absorbed, one, service)]
        alone = await _alone(service, connection, kept, one)
        changed.extend([alone] if alone is not kept else [])
        await repository.undone(connection, merge_id, now)
        await keep_all(service, connection, changed, [Entry("worker.parted", id_) for id_ in (kept.id, absorbed.id)])
    return _answer(service, 200, replace(one, undone_at=now), alone)


async def _alone(service: WorkersService, connection: AsyncConnection, kept: Worker, one: Merge) -> Worker:
    """The kept record without what the merge filled in; itself once its person has left."""
    if kept.state is State.WITHDRAWN:
        return kept
    versions = {found.worker.version: found.worker.profile for found in await service.workers.versions(connection, kept.id)}
    return amended(service, kept, parted(kept.profile, versions[one.before], versions[one.after]))


async def _back(connection: AsyncConnection, absorbed: Worker, one: Merge, service: WorkersService) -> Worker:
    await repository.agree_again(connection, absorbed.id, one.merged_at)
    again = (await declarations.of_workers(connection, [absorbed.id])).get(absorbed.id, ())
    back = absorbed.register_again(absorbed.profile, absorbed.basis, service.clock.now())
    return replace(back, imported_digest=absorbed.imported_digest, consents=again)


def _answer(service: WorkersService, status: int, one: Merge, kept: Worker) -> Answer:
    view = MergeView(
        id=one.id,
        absorbed_id=one.absorbed_id,
        merged_at=one.merged_at,
        merged_by=one.merged_by,
        undo_until=one.merged_at + UNDONE_WITHIN,
        undone_at=one.undone_at,
        kept=WorkerView.of(kept, service.clock.today()),
    )
    return Answer.of(status, view, {"Location": f"/v1/workers/merges/{one.id}"})
