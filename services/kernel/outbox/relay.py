"""The relay: from the outbox to the bus, at least once, in order per key.

It selects unpublished rows, publishes them, and only then marks them. A crash in between publishes them again: a duplicate,
which readers ignore by version, never a loss. One relay is active per database, by the store's lock; others stand by.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import Table

from services.kernel import metrics
from services.kernel.bus.port import Bus
from services.kernel.clock import Clock, SystemClock
from services.kernel.outbox.queue import Waiting, mark_published, purge_published, waiting
from services.kernel.pauses import Backoff, occurs
from services.kernel.store.port import Lock, Store, StoreUnavailable

LOCK: Final = "outbox-relay"
STANDBY_S: Final = 1.0
PURGE_EVERY: Final = timedelta(minutes=10)
PURGE_BATCH: Final = 1000

_log = structlog.get_logger(__name__)


class Relay:
    """Empties one outbox. `run` it as a task, or `step` it by hand."""

    def __init__(
        self,
        store: Store,
        table: Table,
        bus: Bus,
        *,
        clock: Clock | None = None,
        batch: int = 500,
        poll_s: float = 0.1,
        keep: timedelta = timedelta(days=1),
    ) -> None:
        """`batch`: rows in flight at once. `poll_s`: how soon another process's commit is noticed. `keep`: how long a published
        row stays, for whoever asks what was sent."""
        self._store = store
        self._table = table
        self._bus = bus
        self._clock = clock or SystemClock()
        self._batch = batch
        self._poll_s = poll_s
        self._keep = keep
        self._backoff = Backoff()
        self._purge_due = self._clock.now()
        self.trouble = ""
        """What keeps the relay from its work, for readiness; "" when well."""

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until `stop` is set; what is in flight then is finished. Store and bus may be away: it waits for them."""
        while not stop.is_set():
            try:
                lock = await self._store.try_lock(LOCK)
                if lock is None:
                    await occurs(stop, STANDBY_S)
                else:
                    await self._run_locked(lock, stop)
            except StoreUnavailable as error:
                await self._wait(stop, f"database: {error}")

    async def _run_locked(self, lock: Lock, stop: asyncio.Event) -> None:
        try:
            while not stop.is_set() and await lock.held():
                if not await self._step_or_wait(stop):
                    await self._purge()
                    await self._store.wait_for_commit(self._poll_s)
        finally:
            await lock.release()

    async def _step_or_wait(self, stop: asyncio.Event) -> bool:
        """Whether there may be more to do at once."""
        tried, published = await self._attempt()
        if tried and not published:
            await self._wait(stop, "bus: nothing was acknowledged")
            return True
        self._backoff.reset()
        self.trouble = ""
        # A full batch probably has successors; one that failed in part is sent again.
        return tried == self._batch or published < tried

    async def step(self) -> int:
        """Publish one batch; how many rows were published and marked. Raises StoreUnavailable. Only for the lock's holder."""
        _tried, published = await self._attempt()
        return published

    async def _attempt(self) -> tuple[int, int]:
        async with self._store.read() as connection:
            rows = await waiting(connection, self._table, self._batch)
        if not rows:
            return 0, 0
        acknowledged = await self._bus.publish([row.record for row in rows])
        settled = settled_ids(rows, acknowledged)
        if settled:
            async with self._store.write() as connection:
                await mark_published(connection, self._table, settled, self._clock.now())
        _count(rows, frozenset(settled))
        return len(rows), len(settled)

    async def _purge(self) -> None:
        now = self._clock.now()
        # A clock that was set back must not put the purge off for as long.
        if now < self._purge_due <= now + PURGE_EVERY:
            return
        async with self._store.write() as connection:
            purged = await purge_published(connection, self._table, now - self._keep, PURGE_BATCH)
        if purged < PURGE_BATCH:
            self._purge_due = now + PURGE_EVERY

    async def _wait(self, stop: asyncio.Event, trouble: str) -> None:
        self.trouble = trouble
        pause_s = self._backoff.next_pause_s()
        _log.warning("relay_waits", trouble=trouble, pause_s=round(pause_s, 2))
        await occurs(stop, pause_s)


def _count(rows: Sequence[Waiting], settled: frozenset[int]) -> None:
    for row in rows:
        counter = metrics.RELAY_PUBLISHED if row.id in settled else metrics.RELAY_RETRIES
        counter.labels(row.record.topic.name).inc()


def settled_ids(rows: Sequence[Waiting], acknowledged: Sequence[bool]) -> list[int]:
    """The rows that are done with: acknowledged, and with no earlier row of their key that was not. The rest is sent again."""
    failed: set[tuple[str, str]] = set()
    settled = []
    for row, arrived in zip(rows, acknowledged, strict=True):
        key = (row.record.topic.name, row.record.key)
        if arrived and key not in failed:
            settled.append(row.id)
        else:
            failed.add(key)
    return settled
