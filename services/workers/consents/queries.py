"""What reads declarations and visibility."""

from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.http.auth import Scope
from services.workers.consents import repository
from services.workers.consents.schemas import AudienceView, ConsentList, ConsentView, Reason, VisibilityView
from services.workers.consents.visibility import conditions, visibility
from services.workers.queries import worker
from services.workers.resources import WorkersService


async def page(service: WorkersService, scope: Scope, worker_id: str) -> ConsentList:
    """A person's declarations. Raises WorkerNotFound."""
    await worker(service, scope, worker_id)
    async with service.store.read() as connection:
        return await listed(connection, worker_id)


async def listed(connection: AsyncConnection, worker_id: str) -> ConsentList:
    """The same, in the caller's transaction."""
    rows = await repository.recorded(connection, worker_id)
    return ConsentList(items=[ConsentView.model_validate(row) for row in rows.values()])


async def seen_by(service: WorkersService, scope: Scope, worker_id: str) -> VisibilityView:
    """Who may see a person, and why not. Raises WorkerNotFound."""
    found, today = await worker(service, scope, worker_id), service.clock.today()
    told = visibility(found, today)
    audiences = {
        audience.value: AudienceView(
            visible=getattr(told, audience.value),
            reasons=[Reason(code=one.code, said=one.said) for one in held if not one.holds],
        )
        for audience, held in conditions(found, today).items()
    }
    return VisibilityView(**audiences, contact_employers=list(told.contact_employers))
