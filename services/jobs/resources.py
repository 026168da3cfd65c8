"""What the jobs service works with; made by app.py, or by a test."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.jobs import repository
from services.jobs.judging import Judge
from services.jobs.rows import OfferedRow
from services.jobs.tables import outbox
from services.kernel.audit import Audit
from services.kernel.clock import Clock
from services.kernel.http.auth import Scope
from services.kernel.http.idempotency import Idempotency
from services.kernel.http.paging import CursorSigner
from services.kernel.imports.imports import Imports
from services.kernel.outbox import backlog
from services.kernel.store.port import Store
from services.kernel.supervision import Supervisor
from services.kernel.vault.port import Vault


@dataclass(frozen=True, slots=True)
class Jobs:
    """The service's store and what its commands and queries need beside it."""

    store: Store
    audit: Audit
    clock: Clock
    cursors: CursorSigner
    idempotency: Idempotency
    imports: Imports[OfferedRow]
    background: Supervisor
    vault: Vault
    judge: Judge
    priority_window_days: int
    webhooks_reach_private: bool

    async def ready(self) -> Mapping[str, str]:
        """The store answers; imports are at work. Raises StoreUnavailable."""
        async with self.store.read() as connection:
            await repository.live(connection, Scope())
        return {"store": "", **await self.background.ready()}

    async def measure(self) -> None:
        """Set the gauges of the outbox. Raises StoreUnavailable."""
        await backlog.measure(self.store, outbox, "jobs", self.clock.now())
