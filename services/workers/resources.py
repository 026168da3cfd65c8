"""What the workers service works with; made by app.py, or by a test."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from services.kernel.audit import Audit
from services.kernel.clock import Clock
from services.kernel.http.idempotency import Idempotency
from services.kernel.http.paging import CursorSigner
from services.kernel.imports.imports import Imports
from services.kernel.outbox import backlog
from services.kernel.store.port import Store
from services.kernel.supervision import Supervisor
from services.kernel.vault import ServiceVault
from services.workers.register import Registration
from services.workers.repository import Workers
from services.workers.tables import outbox


@dataclass(frozen=True, slots=True)
class WorkersService:
    """The service's store and what its commands and queries need beside it."""

    store: Store
    workers: Workers
    vault: ServiceVault
    audit: Audit
    imports: Imports[Registration]
    clock: Clock
    cursors: CursorSigner
    idempotency: Idempotency
    background: Supervisor

    async def ready(self) -> Mapping[str, str]:
        """The store answers; imports are at work. Raises StoreUnavailable."""
        async with self.store.read() as connection:
            await connection.execute(select(1))
        return {"store": "", **await self.background.ready()}

    async def measure(self) -> None:
        """Set the gauges of the outbox. Raises StoreUnavailable."""
        await backlog.measure(self.store, outbox, "workers", self.clock.now())
