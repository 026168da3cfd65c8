"""What the workers service works with; made by app.py, or by a test."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.kernel.clock import Clock
from services.kernel.http.idempotency import Idempotency
from services.kernel.http.paging import CursorSigner
from services.kernel.imports.imports import Imports
from services.kernel.outbox import unpublished
from services.kernel.store.port import Store
from services.workers.register import Registration
from services.workers.repository import Workers
from services.workers.tables import outbox


@dataclass(frozen=True, slots=True)
class WorkersService:
    """The service's store and what its commands and queries need beside it."""

    store: Store
    workers: Workers
    imports: Imports[Registration]
    clock: Clock
    cursors: CursorSigner
    idempotency: Idempotency

    async def ready(self) -> Mapping[str, str]:
        """The store answers. Raises StoreUnavailable. That changes wait for the stream is no reason not to serve."""
        async with self.store.read() as connection:
            waiting = await unpublished(connection, outbox)
        return {"store": "", "stream": f"有 {waiting} 条变更还没有发出" if waiting else ""}
