"""Reading from Kafka: a member of a group, and reading without one."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError

from services.kernel.bus.kafka_settings import KafkaSettings
from services.kernel.bus.kafka_topics import ANSWER_WITHIN_S, answered
from services.kernel.bus.port import Message, Partition

SESSION_TIMEOUT_MS: Final = 10_000
HEARTBEAT_MS: Final = 2_000
# How long a member may take to come back when the group is dealt anew; aiokafka's default is the session's time-out.
REBALANCE_TIMEOUT_MS: Final = 60_000
LONGEST_HANDLING_MS: Final = 10 * 60 * 1000
LEAVE_WITHIN_S: Final = 5.0

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def consumer(settings: KafkaSettings, *topics: str, **options: Any) -> AsyncIterator[AIOKafkaConsumer]:
    """A started aiokafka consumer that commits nothing by itself. Raises BusUnavailable."""
    client = AIOKafkaConsumer(
        *topics,
        **settings.client,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        request_timeout_ms=int(ANSWER_WITHIN_S * 1000),
        **options,
    )
    try:
        async with answered():
            await client.start()
        yield client
    finally:
        await _leave(client)


async def _leave(client: AIOKafkaConsumer) -> None:
    """Leave the group and close the connections, whatever state the brokers are in.

    In a task of its own: without a broker, aiokafka's stop() may raise the CancelledError of one of its own fetches, which
    would end the caller as if someone had cancelled it.
    """
    stopping = asyncio.create_task(client.stop())
    await asyncio.wait([stopping], timeout=LEAVE_WITHIN_S)
    if stopping.done() and not stopping.cancelled() and stopping.exception() is None:
        return
    # The brokers will miss the heartbeats, and deal the partitions out by themselves.
    _log.warning("left_without_goodbye")
    stopping.cancel()
    await asyncio.wait([stopping])
    await client._client.close()  # noqa: SLF001 - stop() works once only, and did not come to this


@asynccontextmanager
async def member(settings: KafkaSettings, topics: Sequence[str], group: str) -> AsyncIterator["KafkaSubscription"]:
    """A member of `group`. Raises BusUnavailable."""
    options = {
        "group_id": group,
        "session_timeout_ms": SESSION_TIMEOUT_MS,
        "heartbeat_interval_ms": HEARTBEAT_MS,
        "rebalance_timeout_ms": REBALANCE_TIMEOUT_MS,
        "max_poll_interval_ms": LONGEST_HANDLING_MS,
    }
    async with consumer(settings, *topics, **options) as client:
        yield KafkaSubscription(client)


class KafkaSubscription:
    """See port.Subscription."""

    def __init__(self, client: AIOKafkaConsumer) -> None:
        self._client = client

    async def poll(self, max_records: int, timeout_s: float) -> Mapping[Partition, Sequence[Message]]:
        async with answered(timeout_s + ANSWER_WITHIN_S):
            batches = await self._client.getmany(timeout_ms=int(timeout_s * 1000), max_records=max_records)
        return {_partition(place): [message_of(record) for record in records] for place, records in batches.items()}

    async def commit(self, next_offsets: Mapping[Partition, int]) -> None:
        # No await between looking and committing: what is ours now is ours when aiokafka looks.
        offsets = {place: offset for place, offset in _places(next_offsets).items() if place in self._client.assignment()}
        if not offsets:
            return
        async with answered():
            try:
                await self._client.commit(offsets)
            except (CommitFailedError, IllegalStateError) as error:
                # The group is being dealt anew: whoever gets the partitions delivers again from the last commit.
                _log.info("commit_passed_over", error=str(error))

    async def rewind(self, partition: Partition, offset: int) -> None:
        place = TopicPartition(partition.topic, partition.number)
        if place in self._client.assignment():
            self._client.seek(place, offset)

    async def lag(self) -> Mapping[Partition, int]:
        async with answered():
            places = sorted(self._client.assignment())
            ends = await self._client.end_offsets(places)
            starts = await self._client.beginning_offsets(places)
            committed = {place: await self._client.committed(place) for place in places}
        return {_partition(place): ends[place] - max(starts[place], committed[place] or 0) for place in places}


def _places(offsets: Mapping[Partition, int]) -> dict[TopicPartition, int]:
    return {TopicPartition(partition.topic, partition.number): offset for partition, offset in offsets.items()}


def _partition(place: TopicPartition) -> Partition:
    return Partition(place.topic, place.partition)


def message_of(record: "ConsumerRecord[bytes | None, bytes | None]") -> Message:
    """Our message. What other producers may have left undecodable is kept recognisable, for the handler to refuse."""
    return Message(
        partition=Partition(record.topic, record.partition),
        offset=record.offset,
        key=_text(record.key or b""),
        value=record.value,
        headers={name: _text(value or b"") for name, value in record.headers},
        timestamp_ms=record.timestamp,
    )


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
