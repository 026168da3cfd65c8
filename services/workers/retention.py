"""What is kept no longer than it must be (PIPL 19, 47): imports' rows, and people who left the register long ago."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import delete, select

from services.kernel.audit import Actor, acting
from services.kernel.http.auth import Scope
from services.kernel.pauses import occurs
from services.workers.erasures.commands import erase_record
from services.workers.profile import State
from services.workers.resources import WorkersService
from services.workers.tables import imports, workers

LOCK: Final = "retention"
_EVERY_S: Final = 3600.0
_A_BATCH: Final = 100
_ACTOR: Final = Actor("retention", "process")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long what is kept: `imported` rows of finished imports, `withdrawn` people who left and have not come back."""

    imported: timedelta
    withdrawn: timedelta

    async def run(self, service: WorkersService, stop: asyncio.Event) -> None:
        """Once an hour until `stop`; one process a database. Raises StoreUnavailable, VaultSealed."""
        while not stop.is_set():
            lock = await service.store.try_lock(LOCK)
            if lock is not None:
                try:
                    await self.step(service)
                finally:
                    await lock.release()
            await occurs(stop, _EVERY_S)

    async def step(self, service: WorkersService) -> tuple[int, int]:
        """End what is over; how many imports' rows and how many people."""
        rows, people = await self._imports(service), 0
        while ended := await self._people(service):
            people += ended
        if rows or people:
            _log.info("retention_over", rows=rows, people=people)
        return rows, people

    async def _imports(self, service: WorkersService) -> int:
        over = imports.imports.c.finished_at < service.clock.now() - self.imported
        old = select(imports.imports.c.id).where(over)
        ended = 0
        async with service.store.write() as connection:
            for table in (imports.rejects, imports.differences, imports.findings, imports.files):
                ended += (await connection.execute(delete(table).where(table.c.import_id.in_(old)))).rowcount
        return ended

    async def _people(self, service: WorkersService) -> int:
        """Erase a batch of people who left long ago; how many."""
        gone = (workers.c.state == State.WITHDRAWN.value) & (workers.c.withdrawn_at < service.clock.now() - self.withdrawn)
        with acting(_ACTOR):
            async with service.store.write() as connection:
                found = select(workers.c.id).where(gone).order_by(workers.c.id).limit(_A_BATCH).with_for_update()
                ids = (await connection.execute(found)).scalars().all()
                for worker_id in ids:
                    held = await service.workers.get(connection, worker_id, Scope.everywhere())
                    if held is not None:  # erased with another record of the same person
                        await erase_record(service, connection, held, reason="retention_over", version=held.version + 1)
        return len(ids)
