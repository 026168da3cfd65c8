"""What reads groups."""

from collections.abc import Sequence

from services.kernel.http.auth import Scope
from services.workers.profile import Worker
from services.workers.resources import WorkersService
from services.workers.schemas import WorkerSummary
from services.workers.travel_groups.errors import GroupNotFound
from services.workers.travel_groups.schemas import GroupView


async def read(service: WorkersService, scope: Scope, group_id: str) -> GroupView:
    """A group with the members in scope. Raises GroupNotFound."""
    async with service.store.read() as connection:
        members = await service.workers.in_travel_group(connection, group_id)
    return view(service, [member for member in members if scope.serves(member.profile.county_code)])


def view(service: WorkersService, members: Sequence[Worker]) -> GroupView:
    """The group that these members carry. Raises GroupNotFound where there are none."""
    group = members[0].profile.travel_group if members else None
    if group is None:
        raise GroupNotFound()
    today = service.clock.today()
    summaries = [WorkerSummary.of(member, today) for member in members]
    return GroupView(id=group.id, kind=group.kind, must=group.must, size=group.size, members=summaries)
