"""After a backup was restored: who was erased since is erased again, before anybody is served; a ledger that the bus lost is
told again. What either side knows, both know afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.contracts.erasures import PersonErased, blind_id
from services.contracts.topics import ERASURES
from services.kernel.audit import Actor, acting
from services.kernel.http.auth import Scope
from services.kernel.outbox import append
from services.workers.erasures import repository
from services.workers.erasures.commands import erase_record
from services.workers.resources import WorkersService
from services.workers.tables import outbox

_ACTOR = Actor("erasure-ledger", "process")


@dataclass(frozen=True, slots=True)
class Reapplied:
    """How many records were erased again, entries taken from elsewhere, and entries told again."""

    erased: int
    taken: int
    told: int


async def reapply(service: WorkersService, ledger: Mapping[str, PersonErased]) -> Reapplied:
    """Bring this database and `ledger` (the bus's, or a copy that was kept) to know the same. Raises StoreUnavailable."""
    async with service.store.read() as connection:
        held = await repository.everything(connection)
        ids = {
            blind: id_ for id_ in await repository.worker_ids(connection) if (blind := blind_id(id_)) in ledger or blind in held
        }
    missing = [entry for blind, entry in ledger.items() if blind not in held]
    with acting(_ACTOR):
        for blind, worker_id in ids.items():
            await _erase_again(service, worker_id, ledger.get(blind) or held[blind])
        async with service.store.write() as connection:
            for entry in missing:
                if await repository.get(connection, entry.blind) is None:
                    await repository.add(connection, entry, "restored")
            untold = [entry for blind, entry in held.items() if blind not in ledger]
            await append(connection, outbox, ERASURES, *(repository.envelope(one, service.clock.now()) for one in untold))
    return Reapplied(len(ids), len(missing), len(untold))


async def _erase_again(service: WorkersService, worker_id: str, entry: PersonErased) -> None:
    async with service.store.write() as connection:
        worker = await service.workers.get(connection, worker_id, Scope.everywhere(), lock=True)
        if worker is not None:
            version = max(worker.version + 1, entry.version)
            await erase_record(service, connection, worker, reason="restored", version=version)
