"""The proof of an erasure."""

from sqlalchemy import func, select

from services.contracts.erasures import blind_id
from services.contracts.topics import WORKER_PROFILES
from services.workers.erasures import repository, traces
from services.workers.erasures.schemas import ErasureProof, ErasureView
from services.workers.errors import WorkerNotFound
from services.workers.resources import WorkersService
from services.workers.tables import outbox


async def proof(service: WorkersService, worker_id: str) -> ErasureProof:
    """What this database still holds of a person who was erased. Raises WorkerNotFound when nobody was."""
    waiting = (outbox.c.aggregate_id == worker_id) & (outbox.c.topic == WORKER_PROFILES.name) & outbox.c.published_at.is_(None)
    async with service.store.read() as connection:
        row = await repository.get(connection, blind_id(worker_id))
        if row is None:
            raise WorkerNotFound()
        left = await traces.count(connection, worker_id)
        untold = await connection.scalar(select(func.count()).select_from(outbox).where(waiting))
    told = not untold
    return ErasureProof(
        erasure=ErasureView.model_validate(row), rows=dict(left), told=told, complete=told and not any(left.values())
    )
