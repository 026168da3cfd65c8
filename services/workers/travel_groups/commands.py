"""What changes who goes together: each function is one transaction; every member's record gets a new version."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.audit import Entry
from services.kernel.http.auth import Scope
from services.kernel.http.idempotency import Answer, Call
from services.kernel.ids import new_id
from services.workers.errors import refused
from services.workers.profile import Worker
from services.workers.resources import WorkersService
from services.workers.travel_groups.errors import GroupNotFound, InAnotherGroup
from services.workers.travel_groups.group import TravelGroup, violations
from services.workers.travel_groups.queries import view
from services.workers.travel_groups.schemas import GroupFields
from services.workers.writing import amended, existing, keep_all

ID_PREFIX = "tg"


async def form(service: WorkersService, scope: Scope, body: GroupFields, call: Call | None) -> Answer:
    """Let people go together. Raises WorkerNotFound, WorkerWithdrawn, InAnotherGroup, InvalidInput."""
    async with service.idempotency.transaction(service.store, call) as unit:
        if unit.answer is None:
            group_id = new_id(ID_PREFIX)
            members = await _put(service, scope, unit.connection, group_id, body, before={})
            unit.answer = Answer.of(201, view(service, members), {"Location": f"/v1/travel-groups/{group_id}"})
    return unit.answer


async def change(service: WorkersService, scope: Scope, group_id: str, body: GroupFields, call: Call | None) -> Answer:
    """Other members, another kind. Raises GroupNotFound, and what `form` raises."""
    async with service.idempotency.transaction(service.store, call) as unit:
        if unit.answer is None:
            before = await _members(service, scope, unit.connection, group_id)
            members = await _put(service, scope, unit.connection, group_id, body, before=before)
            unit.answer = Answer.of(200, view(service, members))
    return unit.answer


async def dissolve(service: WorkersService, scope: Scope, group_id: str) -> None:
    """Everybody goes alone. Raises GroupNotFound."""
    async with service.store.write() as connection:
        before = await _members(service, scope, connection, group_id)
        await _keep(service, connection, [_grouped(service, one, None) for one in before.values()])


async def _put(
    service: WorkersService,
    scope: Scope,
    connection: AsyncConnection,
    group_id: str,
    body: GroupFields,
    *,
    before: Mapping[str, Worker],
) -> Sequence[Worker]:
    if broken := list(violations(body.kind, body.worker_ids)):
        raise refused(broken)
    group = TravelGroup(group_id, body.kind, body.must, len(body.worker_ids))
    members = [await existing(service, scope, connection, worker_id) for worker_id in sorted(body.worker_ids)]
    for member in members:
        held = member.profile.travel_group
        if held is not None and held.id != group_id:
            raise InAnotherGroup()
    now = [_grouped(service, member, group) for member in members]
    gone = [_grouped(service, one, None) for id_, one in before.items() if id_ not in body.worker_ids]
    await _keep(service, connection, [*now, *gone])
    return now


def _grouped(service: WorkersService, worker: Worker, group: TravelGroup | None) -> Worker:
    return amended(service, worker, replace(worker.profile, travel_group=group))


async def _keep(service: WorkersService, connection: AsyncConnection, workers: Sequence[Worker]) -> None:
    entries = [Entry("worker.grouped", worker.id, ("travel_group",)) for worker in workers]
    await keep_all(service, connection, workers, entries)


async def _members(service: WorkersService, scope: Scope, connection: AsyncConnection, group_id: str) -> Mapping[str, Worker]:
    """All members; the caller serves one of them at least, and whom it does not serve it may part from the group only."""
    members = await service.workers.in_travel_group(connection, group_id)
    if not any(scope.serves(member.profile.county_code) for member in members):
        raise GroupNotFound()
    return {member.id: member for member in members}
