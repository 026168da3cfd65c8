"""What the stream's contract tests share: records, draining a subscription, and a bus that refuses on purpose."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from services.contracts.topics import Topic
from services.kernel.bus import Bus, Message, Partition, Record, Subscription


def record(topic: Topic, key: str, value: str | None = "{}", **headers: str) -> Record:
    return Record(topic, key, None if value is None else value.encode(), headers)


def numbered(topic: Topic, key: str, count: int) -> list[Record]:
    """`count` records of one key, whose values are 0, 1, 2 …"""
    return [record(topic, key, str(number)) for number in range(count)]


def values(messages: Sequence[Message], key: str) -> list[str]:
    """The values of one key, in the order of delivery."""
    return [(message.value or b"").decode() for message in messages if message.key == key]


async def published(bus: Bus, records: Sequence[Record]) -> None:
    assert all(await bus.publish(records))


async def drained(subscription: Subscription, count: int) -> list[Message]:
    """The next `count` messages at least, without committing; waits for them."""
    messages: list[Message] = []
    while len(messages) < count:
        for batch in (await subscription.poll(100, 0.2)).values():
            messages += batch
    return messages


async def commit(subscription: Subscription, messages: Sequence[Message]) -> None:
    await subscription.commit({message.partition: message.offset + 1 for message in messages})


class RefusingBus:
    """A real bus behind a gate: a record that `refuses` says True of is not acknowledged."""

    def __init__(self, bus: Bus, refuses: Callable[[Record], bool]) -> None:
        self._bus = bus
        self._refuses = refuses
        self.refused = 0

    async def publish(self, records: Sequence[Record]) -> Sequence[bool]:
        passed = [not self._refuses(record) for record in records]
        self.refused += passed.count(False)
        outcomes = iter(await self._bus.publish([r for r, ok in zip(records, passed, strict=True) if ok]))
        return [ok and next(outcomes) for ok in passed]

    async def ensure(self, topics: Sequence[Topic]) -> None:
        await self._bus.ensure(topics)

    def subscribe(self, topics: Sequence[Topic], group: str) -> AbstractAsyncContextManager[Subscription]:
        return self._bus.subscribe(topics, group)

    async def lag(self, topics: Sequence[Topic], group: str) -> Mapping[str, int]:
        return await self._bus.lag(topics, group)

    async def positions(self, topics: Sequence[Topic], group: str) -> Mapping[Partition, int]:
        return await self._bus.positions(topics, group)

    def snapshot(self, topics: Sequence[Topic]) -> AsyncIterator[Message]:
        return self._bus.snapshot(topics)

    async def close(self) -> None:
        await self._bus.close()


@asynccontextmanager
async def running(work: Callable[[asyncio.Event], Coroutine[None, None, None]]) -> AsyncIterator[None]:
    """`work(stop)` as a task while the block runs; then told to stop and waited for, so that its errors are raised."""
    stop = asyncio.Event()
    task = asyncio.create_task(work(stop))
    try:
        yield
    finally:
        stop.set()
        await task


@asynccontextmanager
async def writing_process(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process of writing_process.py, whose words can be read; killed at the end of the block at the latest."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(Path(__file__).with_name("writing_process.py")), *arguments, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def words_until_killed(process: asyncio.subprocess.Process, count: int) -> list[str]:
    """Wait for `count` words at least, kill the process, and return all the words that it had said."""
    assert process.stdout
    words = [(await process.stdout.readline()).decode().strip() for _ in range(count)]
    process.kill()
    # A last line that was cut off was not said.
    return words + (await process.stdout.read()).decode().split("\n")[:-1]


async def until(condition: Callable[[], bool | Awaitable[bool]]) -> None:
    """Wait for what other tasks or processes bring about; the test's own time-out ends a wait in vain."""
    while True:
        holds = condition()
        if holds if isinstance(holds, bool) else await holds:
            return
        await asyncio.sleep(0.01)
