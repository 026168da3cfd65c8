"""The bus on Kafka, by aiokafka. See port.py for its law."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from services.contracts.topics import Topic
from services.kernel.bus.kafka_consumer import KafkaSubscription, consumer, member, message_of
from services.kernel.bus.kafka_producer import ACKNOWLEDGED_WITHIN_S, KafkaSender
from services.kernel.bus.kafka_settings import KafkaSettings
from services.kernel.bus.kafka_topics import KafkaTopics, answered
from services.kernel.bus.port import BusUnavailable, Message, Partition, Record, Subscription

SNAPSHOT_BATCH: Final = 1000
SNAPSHOT_POLL_MS: Final = 1000


class KafkaBus:
    """See port.py. Opens its connections when they are first needed."""

    def __init__(self, url: str, *, acknowledged_within_s: float = ACKNOWLEDGED_WITHIN_S) -> None:
        """`url` as in KafkaSettings.parse. `acknowledged_within_s`: how long a record's fate may stay open.

        Raises ValueError for a malformed URL.
        """
        self._settings = KafkaSettings.parse(url)
        self._topics = KafkaTopics(self._settings)
        self._sender = KafkaSender(self._settings, acknowledged_within_s)

    async def ensure(self, topics: Sequence[Topic]) -> None:
        await self._topics.ensure(topics)

    async def publish(self, records: Sequence[Record]) -> Sequence[bool]:
        if not records:
            return []
        try:
            await self._topics.ensure({record.topic for record in records})
        except BusUnavailable:
            return [False] * len(records)
        outcomes = await self._sender.send(records)
        self._topics.doubt(record.topic for record, arrived in zip(records, outcomes, strict=True) if not arrived)
        return outcomes

    def subscribe(self, topics: Sequence[Topic], group: str) -> AbstractAsyncContextManager[Subscription]:
        return self._subscribed(topics, group)

    @asynccontextmanager
    async def _subscribed(self, topics: Sequence[Topic], group: str) -> AsyncIterator[KafkaSubscription]:
        await self._topics.ensure(topics)
        async with member(self._settings, [topic.name for topic in topics], group) as subscription:
            yield subscription

    async def lag(self, topics: Sequence[Topic], group: str) -> Mapping[str, int]:
        places = await self._partitions(topics)
        committed = await self._topics.committed(group)
        async with consumer(self._settings) as client, answered():
            client.assign(places)
            starts = await client.beginning_offsets(places)
            ends = await client.end_offsets(places)
        lags = {topic.name: 0 for topic in topics}
        for place in places:
            lags[place.topic] += ends[place] - max(starts[place], committed.get(place, 0))
        return lags

    async def positions(self, topics: Sequence[Topic], group: str) -> Mapping[Partition, int]:
        places = await self._partitions(topics)
        committed = await self._topics.committed(group)
        return {Partition(place.topic, place.partition): committed.get(place, 0) for place in places}

    async def _partitions(self, topics: Sequence[Topic]) -> list[TopicPartition]:
        await self._topics.ensure(topics)
        try:
            return await self._topics.partitions(topic.name for topic in topics)
        except BusUnavailable:
            self._topics.doubt(topics)
            raise

    async def snapshot(self, topics: Sequence[Topic]) -> AsyncIterator[Message]:
        places = await self._partitions(topics)
        async with consumer(self._settings) as client:
            async with answered():
                client.assign(places)
                ends = await client.end_offsets(places)
            while await _unread(client, ends):
                async with answered():
                    batches = await client.getmany(timeout_ms=SNAPSHOT_POLL_MS, max_records=SNAPSHOT_BATCH)
                for place, records in batches.items():
                    for record in records:
                        if record.offset < ends[place]:
                            yield message_of(record)

    async def close(self) -> None:
        await self._sender.close()


async def _unread(client: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> bool:
    async with answered():
        return any([await client.position(place) < end for place, end in ends.items()])
