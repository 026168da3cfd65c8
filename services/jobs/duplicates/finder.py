"""The background work: follows the log of changes and looks whether what changed is offered already."""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from services.jobs import repository as all_postings
from services.jobs.duplicates import repository
from services.jobs.duplicates.likeness import Likeness, likeness, one_channel
from services.jobs.feed import log
from services.jobs.posting import OPEN, Posting, Status
from services.jobs.record import record
from services.jobs.repository import Change
from services.kernel.audit import Actor, Audit, acting
from services.kernel.clock import Clock
from services.kernel.pauses import occurs
from services.kernel.store.port import Store

ACTOR: Final = Actor("duplicates", "service")
POLL_S: Final = 2.0
BATCH: Final = 100
_LASTING: Final = (*OPEN, Status.PAUSED, Status.SUBMITTED)

_log = structlog.get_logger(__name__)

Pair = tuple[Posting, Posting, Likeness]


class Finder:
    """Runs in every process of the service; whoever moves the position on first has looked."""

    def __init__(self, store: Store, audit: Audit, clock: Clock) -> None:
        self._store = store
        self._audit = audit
        self._clock = clock

    async def run(self, stop: asyncio.Event) -> None:
        """Look until `stop` is set. Raises StoreUnavailable."""
        while not stop.is_set():
            if not await self.step():
                await occurs(stop, POLL_S)

    async def step(self) -> int:
        """One batch of the log; how many lines it looked at. Raises StoreUnavailable."""
        async with self._store.read() as connection:
            before = await repository.position(connection)
            rows = await log.after(connection, log.POSTINGS, before, BATCH)
            found = await all_postings.some(connection, sorted({row.subject_id for row in rows}))
            lasting = [posting for posting in found.values() if posting.status in _LASTING and not posting.sandbox]
            pairs = [pair for posting in lasting for pair in await self._alike(connection, posting)]
        if not rows:
            return 0
        closed = [posting for posting in found.values() if posting.status not in _LASTING]
        with acting(ACTOR):
            async with self._store.write() as connection:
                if await repository.advance(connection, before, rows[-1].position):
                    await self._keep(connection, pairs, closed)
        return len(rows)

    async def _alike(self, connection: AsyncConnection, posting: Posting) -> Sequence[Pair]:
        others = [other for other in await repository.like(connection, posting) if not one_channel(posting, other)]
        found = await asyncio.to_thread(lambda: [(posting, other, likeness(posting, other)) for other in others])
        return [pair for pair in found if pair[2].proposed]

    async def _keep(self, connection: AsyncConnection, pairs: Sequence[Pair], closed: Sequence[Posting]) -> None:
        """Propose what is new, count the younger with the older; what was counted with something closed counts by itself."""
        now = self._clock.now()
        with_whom: dict[str, str | None] = {}
        for posting in closed:
            with_whom |= dict.fromkeys([one.id for one in await repository.counted_with(connection, posting.id)])
        for one, other, found in pairs:
            if await repository.propose(connection, one, other, found, now):
                older, younger = sorted((one, other), key=lambda posting: posting.id)
                with_whom[younger.id] = older.duplicate_of or older.id
                _log.info("duplicate_proposed", first=older.id, second=younger.id, score=found.score)
        present = await all_postings.some(connection, sorted(with_whom))
        changes = [Change(posting, posting.counted_with(with_whom[key], now)) for key, posting in present.items()]
        await record(connection, self._audit, [change for change in changes if change.after is not change.before], now)
