"""The embedded bus: a log in one file, for a whole installation in one process. See port.py for its law.

Appending and reading each have a thread and a connection of their own, so that a reader does not wait for another's disk.
Pollers are woken by the append itself: a change reaches them within milliseconds.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, TypeVar

import structlog

from services.contracts.topics import Topic
from services.kernel.bus.log_file import LogFile
from services.kernel.bus.membership import Membership
from services.kernel.bus.port import BusUnavailable, Message, Partition, Record
from services.kernel.pauses import occurs

COMPACT_AFTER_RECORDS: Final = 5_000
COMPACT_AFTER_S: Final = 3600.0
COMPACT_SLICE: Final = 1_000
COMPACTION_LAG_MS: Final = 10 * 60 * 1000
SNAPSHOT_BATCH: Final = 500

P = ParamSpec("P")
T = TypeVar("T")
_log = structlog.get_logger(__name__)


@contextmanager
def _trouble() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise BusUnavailable(str(error)) from error


class _Connection:
    """A LogFile on a thread of its own, opened by its first use."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._file: LogFile | None = None

    async def run(self, work: Callable[Concatenate[LogFile, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`work(log_file, …)` on the thread. Raises sqlite3.Error."""
        call = asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(self._opened(), *args, **kwargs))
        return await call

    def _opened(self) -> LogFile:
        if self._file is None:
            self._file = LogFile.open(self._path)
        return self._file

    async def close(self) -> None:
        if self._file is not None:
            await self.run(LogFile.close)
            self._file = None
        self._thread.shutdown()


class EmbeddedBus:
    """See port.py."""

    def __init__(self, path: Path, *, compaction_lag_ms: int = COMPACTION_LAG_MS) -> None:
        """`path`: the log's file. `compaction_lag_ms`: how long a superseded record is kept, so that readers close behind see
        every step."""
        self._appender = _Connection(path, "bus-append")
        self._reader = _Connection(path, "bus-read")
        self._membership = Membership()
        self._pollers: set[asyncio.Event] = set()
        self._compaction_lag_ms = compaction_lag_ms
        self._appended = COMPACT_AFTER_RECORDS
        self._compacted_at = time.monotonic()
        self._compaction: asyncio.Task[None] | None = None

    async def ensure(self, topics: Sequence[Topic]) -> None:
        with _trouble():
            await self._appender.run(LogFile.ensure, topics)

    async def publish(self, records: Sequence[Record]) -> Sequence[bool]:
        if not records:
            return []
        try:
            await self._appender.run(LogFile.append, records, time.time_ns() // 1_000_000)
        except sqlite3.Error as error:
            _log.warning("append_failed", records=len(records), error=str(error))
            return [False] * len(records)
        for poller in self._pollers:
            poller.set()
        self._appended += len(records)
        self._compact_when_due()
        return [True] * len(records)

    @asynccontextmanager
    async def subscribe(self, topics: Sequence[Topic], group: str) -> AsyncIterator["EmbeddedSubscription"]:
        partitions = await self._partitions(topics)
        subscription = EmbeddedSubscription(self._reader, self._appender, self._membership, group, partitions)
        self._membership.join(group, subscription)
        self._pollers.add(subscription.arrival)
        try:
            yield subscription
        finally:
            self._pollers.discard(subscription.arrival)
            self._membership.leave(group, subscription)

    async def _partitions(self, topics: Sequence[Topic]) -> list[Partition]:
        with _trouble():
            await self._reader.run(LogFile.ensure, topics)
            await self._appender.run(LogFile.ensure, topics)
            return await self._reader.run(LogFile.partitions, [topic.name for topic in topics])

    async def lag(self, topics: Sequence[Topic], group: str) -> Mapping[str, int]:
        partitions = await self._partitions(topics)
        with _trouble():
            ends = await self._reader.run(LogFile.ends, partitions)
            positions = await self._reader.run(LogFile.positions, group, partitions)
        lags = {topic.name: 0 for topic in topics}
        for partition in partitions:
            lags[partition.topic] += max(0, ends[partition] - positions[partition])
        return lags

    async def positions(self, topics: Sequence[Topic], group: str) -> Mapping[Partition, int]:
        partitions = await self._partitions(topics)
        with _trouble():
            return await self._reader.run(LogFile.positions, group, partitions)

    async def snapshot(self, topics: Sequence[Topic]) -> AsyncIterator[Message]:
        partitions = await self._partitions(topics)
        with _trouble():
            ends = await self._reader.run(LogFile.ends, partitions)
        for partition, end in ends.items():
            position = 0
            while position < end:
                with _trouble():
                    batches = await self._reader.run(LogFile.read, {partition: position}, SNAPSHOT_BATCH)
                messages = [message for message in batches.get(partition, ()) if message.offset < end]
                for message in messages:
                    yield message
                position = messages[-1].offset + 1 if messages else end

    def _compact_when_due(self) -> None:
        waited_s = time.monotonic() - self._compacted_at
        if self._compaction is not None and not self._compaction.done():
            return
        if self._appended >= COMPACT_AFTER_RECORDS or waited_s >= COMPACT_AFTER_S:
            self._appended = 0
            self._compaction = asyncio.create_task(self._compact_quietly())

    async def _compact_quietly(self) -> None:
        try:
            await self.compact()
        except BusUnavailable as error:
            _log.warning("compaction_failed", error=str(error))

    async def compact(self) -> None:
        """Remove superseded records older than the compaction lag. Runs by itself now and then. Raises BusUnavailable."""
        self._compacted_at = time.monotonic()
        before_ms = time.time_ns() // 1_000_000 - self._compaction_lag_ms
        after: int | None = 0
        while after is not None:
            with _trouble():
                after = await self._appender.run(LogFile.compact, after, COMPACT_SLICE, before_ms)

    async def close(self) -> None:
        if self._compaction is not None:
            self._compaction.cancel()
            await asyncio.wait([self._compaction])
        await self._reader.close()
        await self._appender.close()


class EmbeddedSubscription:
    """A member of a group of this process. See port.py."""

    def __init__(
        self, reader: _Connection, appender: _Connection, membership: Membership, group: str, partitions: Sequence[Partition]
    ) -> None:
        self.arrival = asyncio.Event()
        """Set by each append of this process."""
        self._reader = reader
        self._appender = appender
        self._membership = membership
        self._group = group
        self._partitions = partitions
        self._positions: dict[Partition, int] = {}
        self._turn = 0

    async def poll(self, max_records: int, timeout_s: float) -> Mapping[Partition, Sequence[Message]]:
        self.arrival.clear()
        messages = await self._read(max_records)
        if not messages and timeout_s > 0:
            await occurs(self.arrival, timeout_s)
            messages = await self._read(max_records)
        return messages

    async def _read(self, max_records: int) -> Mapping[Partition, Sequence[Message]]:
        await self._settle_assignment()
        # Begin with another partition each time, so that a busy one does not starve the rest.
        order = sorted(self._positions)
        turn = self._turn % len(order) if order else 0
        self._turn += 1
        positions = {partition: self._positions[partition] for partition in order[turn:] + order[:turn]}
        with _trouble():
            batches = await self._reader.run(LogFile.read, positions, max_records)
        for partition, messages in batches.items():
            self._positions[partition] = messages[-1].offset + 1
        return batches

    async def _settle_assignment(self) -> None:
        assigned = self._assigned()
        if assigned == set(self._positions):
            return
        gained = assigned - set(self._positions)
        with _trouble():
            committed = await self._reader.run(LogFile.positions, self._group, gained)
        kept = {partition: offset for partition, offset in self._positions.items() if partition in assigned}
        self._positions = kept | committed

    def _assigned(self) -> set[Partition]:
        return set(self._membership.assigned(self._group, self, self._partitions))

    async def commit(self, next_offsets: Mapping[Partition, int]) -> None:
        assigned = self._assigned()
        own = {partition: offset for partition, offset in next_offsets.items() if partition in assigned}
        if own:
            with _trouble():
                await self._appender.run(LogFile.commit, self._group, own)

    async def rewind(self, partition: Partition, offset: int) -> None:
        if partition in self._positions:
            self._positions[partition] = offset

    async def lag(self) -> Mapping[Partition, int]:
        assigned = sorted(self._assigned())
        with _trouble():
            ends = await self._reader.run(LogFile.ends, assigned)
            positions = await self._reader.run(LogFile.positions, self._group, assigned)
        return {partition: max(0, ends[partition] - positions[partition]) for partition in assigned}
