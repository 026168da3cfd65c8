"""The consumer loop: poll, hand over, obey the verdicts, commit.

A message is committed only after its verdict is Done, or it lies among the dead letters. Hold keeps the place and slows the
whole loop down: what is on hold is so because the sink behind all partitions is down or overloaded.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

import structlog

from services.contracts.topics import Topic
from services.kernel import metrics
from services.kernel.bus.dead_letters import DeadLetters
from services.kernel.bus.port import Bus, BusUnavailable, Message, Partition, Subscription
from services.kernel.bus.progress import Progress
from services.kernel.bus.verdicts import DeadLetter, Done, Hold, Stop, Verdict
from services.kernel.pauses import Backoff, occurs

Handler = Callable[[Sequence[Message]], Awaitable[Sequence[Verdict]]]
"""Takes a batch of one partition, in order, and gives one verdict for each message, in the same order."""

MAX_RECORDS: Final = 500
POLL_S: Final = 0.5
DEAD_LETTERS_IN_A_ROW: Final = 100
WATCHDOG_S: Final = 300.0

_log = structlog.get_logger(__name__)


class ConsumerStopped(Exception):
    """The loop gave up loudly: the handler said Stop, dead letters came in a row, or nothing moved. Nothing is lost."""


class ConsumerLoop:
    """Reads `topics` for `group` and hands batches to `handler` until told to stop."""

    def __init__(
        self,
        bus: Bus,
        topics: Sequence[Topic],
        group: str,
        handler: Handler,
        dead_letters: DeadLetters,
        *,
        max_records: int = MAX_RECORDS,
        poll_s: float = POLL_S,
        dead_letters_in_a_row: int = DEAD_LETTERS_IN_A_ROW,
        watchdog_s: float = WATCHDOG_S,
        backoff: Backoff | None = None,
    ) -> None:
        """`dead_letters_in_a_row`: more than so many without a Done between them is the consumer's fault, not theirs.
        `watchdog_s`: one turn (poll, handle, commit) that takes longer hangs."""
        self._bus = bus
        self._topics = topics
        self._group = group
        self._handler = handler
        self._dead_letters = dead_letters
        self._max_records = max_records
        self._poll_s = poll_s
        self._limit = dead_letters_in_a_row
        self._watchdog_s = watchdog_s
        self._backoff = backoff or Backoff()
        self._progress: dict[Partition, Progress] = {}
        self._dead_in_a_row = 0
        self._hold = ""
        self.trouble = ""
        """What keeps the loop from its work, for readiness; "" when well."""

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until `stop` is set; the batch in hand is finished and committed. Raises ConsumerStopped.

        While the bus is away it waits for it.
        """
        while not stop.is_set():
            try:
                async with self._bus.subscribe(self._topics, self._group) as subscription:
                    self._progress = {}
                    await self._consume(subscription, stop)
            except BusUnavailable as error:
                await self._wait(stop, f"bus: {error}")

    async def _consume(self, subscription: Subscription, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                async with asyncio.timeout(self._watchdog_s) as watchdog:
                    await self._turn(subscription)
            except TimeoutError as error:
                if not watchdog.expired():
                    raise
                raise ConsumerStopped(f"no progress within {self._watchdog_s:g} s") from error
            if self._hold:
                await self._wait(stop, f"hold: {self._hold}")
            else:
                self._backoff.reset()
                self.trouble = ""

    async def _turn(self, subscription: Subscription) -> None:
        self._hold = ""
        batches = await subscription.poll(self._max_records, self._poll_s)
        self._tell_age(batches)
        next_offsets: dict[Partition, int] = {}
        try:
            for partition, messages in batches.items():
                progress = self._progress.setdefault(partition, Progress())
                try:
                    await self._handle(messages, progress)
                finally:
                    next_offsets[partition] = progress.next_offset(messages)
                if next_offsets[partition] <= messages[-1].offset:
                    await subscription.rewind(partition, next_offsets[partition])
        finally:
            # Also when a verdict stops the loop: what was settled before it stays settled.
            if next_offsets:
                await subscription.commit(next_offsets)

    def _tell_age(self, batches: Mapping[Partition, Sequence[Message]]) -> None:
        for topic in self._topics:
            appended = [messages[0].timestamp_ms for at, messages in batches.items() if at.topic == topic.name]
            age_s = max(0.0, time.time() - min(appended) / 1000) if appended else 0.0
            metrics.BUS_LAG_SECONDS.labels(topic.name, metrics.group(self._group)).set(age_s)

    async def _handle(self, messages: Sequence[Message], progress: Progress) -> None:
        open_messages = progress.open(messages)
        if not open_messages:
            return
        verdicts = await self._handler(open_messages)
        for message, verdict in zip(open_messages, verdicts, strict=True):
            if await self._obey(message, verdict):
                progress.settle(message.offset)

    async def _obey(self, message: Message, verdict: Verdict) -> bool:
        """Whether the message is settled."""
        match verdict:
            case Done():
                self._dead_in_a_row = 0
                return True
            case Hold(reason):
                self._hold = reason
                metrics.HOLDS.labels(message.partition.topic, metrics.group(self._group)).inc()
                return False
            case DeadLetter(reason):
                return await self._put_aside(message, reason)
            case Stop(reason):
                raise ConsumerStopped(reason)

    async def _put_aside(self, message: Message, reason: str) -> bool:
        if self._dead_in_a_row >= self._limit:
            raise ConsumerStopped(f"more than {self._limit} dead letters in a row, the last one: {reason}")
        if not await self._dead_letters.put(message, self._group, reason):
            self._hold = "bus: the dead letter was not acknowledged"
            return False
        self._dead_in_a_row += 1
        metrics.DEAD_LETTERS.labels(message.partition.topic, metrics.group(self._group)).inc()
        _log.error(
            "dead_letter",
            group=self._group,
            topic=message.partition.topic,
            partition=message.partition.number,
            offset=message.offset,
            reason=reason,
        )
        return True

    async def _wait(self, stop: asyncio.Event, trouble: str) -> None:
        self.trouble = trouble
        pause_s = self._backoff.next_pause_s()
        _log.warning("consumer_waits", group=self._group, trouble=trouble, pause_s=round(pause_s, 2))
        await occurs(stop, pause_s)
