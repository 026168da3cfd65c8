"""Erasing: one transaction in which everything about a person goes, and what must be known of it is left."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.erasures import PersonErased, blind_id
from services.contracts.purposes import Purpose
from services.contracts.topics import ERASURES, WORKER_PROFILES
from services.kernel.audit import Entry
from services.kernel.audit.actor import present
from services.kernel.http.auth import Scope
from services.kernel.outbox import append
from services.workers import events
from services.workers.erasures import repository, traces
from services.workers.erasures.schemas import ErasureRequest, ErasureView
from services.workers.errors import WorkerNotFound
from services.workers.households import repository as households
from services.workers.leaving import part
from services.workers.profile import Worker
from services.workers.resources import WorkersService
from services.workers.tables import outbox


async def erase(service: WorkersService, scope: Scope, worker_id: str, body: ErasureRequest) -> ErasureView:
    """Erase a person for good; doing it again changes nothing. Raises WorkerNotFound."""
    async with service.store.write() as connection:
        held = await service.workers.get(connection, worker_id, scope, lock=True)
        if held is not None:
            await erase_record(service, connection, held, reason=body.reason, version=held.version + 1)
        row = await repository.get(connection, blind_id(worker_id))
    if row is None:
        raise WorkerNotFound()
    return ErasureView.model_validate(row)


async def erase_record(
    service: WorkersService, connection: AsyncConnection, held: Worker, *, reason: str, version: int
) -> None:
    """The same within a transaction, with the records that were merged into this one; `version` is the tombstone's, above every
    version that was told."""
    now = service.clock.now()
    for absorbed_id in await repository.absorbed(connection, held.id):
        absorbed = await service.workers.get(connection, absorbed_id, Scope.everywhere(), lock=True)
        if absorbed is not None:
            await erase_record(service, connection, absorbed, reason=reason, version=absorbed.version + 1)
    entry = PersonErased(blind=blind_id(held.id), version=version, erased_at=now)
    await part(service, connection, held)
    await _strike_from_roster(service, connection, held.id)
    await traces.destroy(connection, held.id)
    if await repository.get(connection, entry.blind) is None:
        await repository.add(connection, entry, reason, service.workers.blind(held.profile.identity_number))
    await _tell(connection, held.id, entry, now)
    await service.audit.record(connection, Entry("worker.erased", held.id, purpose=Purpose.SUBJECT_REQUEST))


async def _strike_from_roster(service: WorkersService, connection: AsyncConnection, worker_id: str) -> None:
    household = await households.of_worker(connection, service.vault, worker_id, Scope.everywhere())
    if household is not None:
        members = tuple(member for member in household.members if member.worker_id != worker_id)
        smaller = replace(household, version=household.version + 1, members=members)
        await households.change(connection, service.vault, smaller, (present().id, service.clock.now()))


async def _tell(connection: AsyncConnection, worker_id: str, entry: PersonErased, now: datetime) -> None:
    await append(connection, outbox, ERASURES, repository.envelope(entry, now))
    await append(connection, outbox, WORKER_PROFILES, events.gone(worker_id, entry.version, now))
