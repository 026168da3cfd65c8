"""What time does to postings and employers: ends that pass, windows that open to all, blacklists that run out."""

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from services.jobs import repository
from services.jobs.employers import repository as employers
from services.jobs.employers.standing import show_or_hide
from services.jobs.feed import log
from services.jobs.record import record
from services.jobs.repository import Change
from services.jobs.webhooks import queue
from services.kernel.audit import Actor, Audit, Entry, acting
from services.kernel.clock import Clock
from services.kernel.pauses import occurs
from services.kernel.store.port import Store

ACTOR: Final = Actor("lifecycle", "service")
EVERY_S: Final = 60.0
BATCH: Final = 200
KEPT_FOR: Final = timedelta(days=90)
"""How long followers may stay away before they need a new snapshot."""

_log = structlog.get_logger(__name__)


class Sweep:
    """Runs in every process of the service; what one has locked the others pass over."""

    def __init__(self, store: Store, audit: Audit, clock: Clock) -> None:
        self._store = store
        self._audit = audit
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Once a minute until `stop` is set. Raises StoreUnavailable."""
        while not stop.is_set():
            while await self.step() and not stop.is_set():
                pass
            await occurs(stop, EVERY_S)

    async def step(self) -> int:
        """One batch; how many records it changed. Raises StoreUnavailable."""
        with acting(ACTOR):
            return await self._postings() + await self._blacklist() + await self._log()

    async def _postings(self) -> int:
        now, today = self._clock.now(), self._clock.today()
        async with self._store.write() as connection:
            due = await repository.due(connection, today, BATCH)
            changes = [Change(posting, posting.pass_time(now, today)) for posting in due]
            await record(connection, self._audit, changes, now)
        if changes:
            _log.info("postings_passed", count=len(changes))
        return len(changes)

    async def _blacklist(self) -> int:
        now, today = self._clock.now(), self._clock.today()
        async with self._store.write() as connection:
            over = await employers.listed_until_before(connection, today, BATCH)
            for before in over:
                after = before.unlist(now)
                await employers.change(connection, before, after)
                await self._audit.record(connection, Entry("employer.unlisted", after.id))
                await show_or_hide(connection, self._audit, after, now)
        return len(over)

    async def _log(self) -> int:
        async with self._store.write() as connection:
            now = self._clock.now()
            return await log.purge(connection, now - KEPT_FOR, BATCH) + await queue.purge(connection, now, BATCH)
