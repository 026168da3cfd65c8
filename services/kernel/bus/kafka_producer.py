"""Sending to Kafka.

aiokafka's idempotent producer retries a batch for ever and never says so. We wait for a while only; then the producer is
discarded with all that it still holds, and the next call begins with a new one. What was under way may have been appended.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from services.kernel.bus.kafka_settings import KafkaSettings
from services.kernel.bus.kafka_topics import ANSWER_WITHIN_S, LARGEST_DEAD_LETTER_BYTES, answered
from services.kernel.bus.port import BusUnavailable, Record

ACKNOWLEDGED_WITHIN_S: Final = 15.0
# Well before the wait above ends, so that a request that hangs is tried again within it.
REQUEST_TIMEOUT_S: Final = 5.0
CLOSE_WITHIN_S: Final = 3.0

_Sent = asyncio.Future[object] | None
"""The fate of a record; None: it was refused for its size, and nothing was sent."""

_log = structlog.get_logger(__name__)


class KafkaSender:
    """A producer that is replaced when it fails."""

    def __init__(self, settings: KafkaSettings, acknowledged_within_s: float = ACKNOWLEDGED_WITHIN_S) -> None:
        self._settings = settings
        self._acknowledged_within_s = acknowledged_within_s
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()
        self._endings: set[asyncio.Task[None]] = set()

    async def send(self, records: Sequence[Record]) -> list[bool]:
        """Whether each record is durable; see port.Bus.publish."""
        try:
            producer = await self._started()
        except BusUnavailable as error:
            _log.warning("bus_is_away", error=str(error))
            return [False] * len(records)
        sent: list[_Sent] = []
        try:
            async with asyncio.timeout(self._acknowledged_within_s):
                for record in records:
                    sent.append(await self._enqueue(producer, record))  # noqa: PERF401 - what was sent before a failure counts
                if under_way := [future for future in sent if future is not None]:
                    await asyncio.wait(under_way)
        except (KafkaError, TimeoutError) as error:
            _log.warning("send_failed", error=repr(error))
        outcomes = [future is not None and _arrived(future) for future in sent]
        unknown = len(sent) < len(records) or any(
            future is not None and not arrived for future, arrived in zip(sent, outcomes, strict=True)
        )
        # A failure in between leaves a gap in an idempotent producer's numbering, which the broker refuses from then on.
        if unknown:
            self._discard(producer)
        return outcomes + [False] * (len(records) - len(outcomes))

    async def _enqueue(self, producer: AIOKafkaProducer, record: Record) -> _Sent:
        try:
            future: asyncio.Future[object] = await producer.send(
                record.topic.name,
                record.value,
                key=record.key.encode("utf-8", "surrogatepass"),
                headers=[(name, value.encode("utf-8", "surrogatepass")) for name, value in record.headers.items()],
            )
        except MessageSizeTooLargeError as error:
            _log.error("record_too_large", topic=record.topic.name, key=record.key, error=str(error))
            return None
        return future

    async def _started(self) -> AIOKafkaProducer:
        async with self._starting:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    **self._settings.client,
                    enable_idempotence=True,
                    acks="all",
                    request_timeout_ms=int(REQUEST_TIMEOUT_S * 1000),
                    max_request_size=LARGEST_DEAD_LETTER_BYTES,
                    max_batch_size=256 * 1024,
                )
                try:
                    async with answered(ANSWER_WITHIN_S):
                        await producer.start()
                except BaseException:
                    await _end(producer)
                    raise
                self._producer = producer
            return self._producer

    def _discard(self, producer: AIOKafkaProducer) -> None:
        """Go on with a new one. Ending the old one may take as long as its last request: that is not waited for here."""
        if self._producer is producer:
            self._producer = None
            ending = asyncio.create_task(_end(producer))
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)

    async def close(self) -> None:
        """Give up what is not acknowledged: whoever sent it has not been told that it arrived."""
        if self._producer is not None:
            self._discard(self._producer)
        if self._endings:
            _done, late = await asyncio.wait(self._endings, timeout=CLOSE_WITHIN_S)
            for ending in late:
                ending.cancel()
            if late:
                await asyncio.wait(late)


def _arrived(future: "asyncio.Future[object]") -> bool:
    if not future.done():
        # Its failure comes later, when the producer is ended; it was answered for already.
        future.add_done_callback(_look_at)
        return False
    if (error := future.exception()) is not None:
        _log.warning("not_acknowledged", error=repr(error))
    return error is None


def _look_at(future: "asyncio.Future[object]") -> None:
    if not future.cancelled():
        future.exception()


async def _end(producer: AIOKafkaProducer) -> None:
    """Stop a producer without flushing: its own stop() flushes, which without a broker takes for ever."""
    try:
        if producer._sender is not None:  # noqa: SLF001 - nothing public stops without flushing
            await producer._sender.close()  # noqa: SLF001 - waits for the requests under way, and begins no other
    finally:
        await producer.client.close()
        producer._closed = True  # noqa: SLF001 - or it would complain, when it is collected, of not having been stopped
