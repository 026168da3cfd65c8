"""Topics on Kafka: created as our law wants them, and looked up."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Final, TypeVar

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from services.contracts.topics import DEAD_LETTERS, Topic
from services.kernel.bus.kafka_settings import KafkaSettings
from services.kernel.bus.port import BusUnavailable

ANSWER_WITHIN_S: Final = 15.0
LARGEST_RECORD_BYTES: Final = 4 * 1024 * 1024
# A dead letter carries its record in base64.
LARGEST_DEAD_LETTER_BYTES: Final = 2 * LARGEST_RECORD_BYTES
_MINUTE_MS: Final = 60 * 1000
_DAY_MS: Final = 24 * 60 * _MINUTE_MS
_RETRY_PAUSE_S: Final = 0.1

T = TypeVar("T")


@asynccontextmanager
async def answered(within_s: float = ANSWER_WITHIN_S) -> AsyncIterator[None]:
    """Whatever Kafka does not do, or not in time, is BusUnavailable."""
    try:
        async with asyncio.timeout(within_s):
            yield
    except (KafkaError, OSError, TimeoutError) as error:
        raise BusUnavailable(f"Kafka: {error!r}") from error


def topic_settings(topic: Topic, replication: int) -> dict[str, str]:
    """The configuration that keeps our law: compacted, the newest record of a key never vanishes, not even a tombstone."""
    largest = LARGEST_DEAD_LETTER_BYTES if topic == DEAD_LETTERS else LARGEST_RECORD_BYTES
    return {
        "cleanup.policy": "compact",
        # Kafka would forget tombstones after a day, and a reader that was away for longer would keep the erased.
        "delete.retention.ms": str(100 * 365 * _DAY_MS),
        "min.compaction.lag.ms": str(10 * _MINUTE_MS),
        # What was erased is gone from the log within about a day; the segment that is written to is never compacted.
        "max.compaction.lag.ms": str(_DAY_MS),
        "segment.ms": str(_DAY_MS),
        "min.insync.replicas": str(max(1, replication - 1)),
        "max.message.bytes": str(largest),
    }


class KafkaTopics:
    """Creates topics once, and remembers that they exist."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._known: set[str] = set()
        self._creating = asyncio.Lock()

    @asynccontextmanager
    async def admin(self) -> AsyncIterator[AIOKafkaAdminClient]:
        """A client for administration. Raises what Kafka raises."""
        admin = AIOKafkaAdminClient(**self._settings.client)
        try:
            await admin.start()
            yield admin
        finally:
            await admin.close()

    async def ensure(self, topics: Iterable[Topic]) -> None:
        """Create those that are missing, and wait until they can be used. Raises BusUnavailable."""
        wanted = {topic.name: topic for topic in topics}
        if wanted.keys() <= self._known:
            return
        async with answered(), self._creating, self.admin() as admin:
            missing = wanted.keys() - set(await admin.list_topics())
            if missing:
                await self._create(admin, [wanted[name] for name in sorted(missing)])
            await self.partitions(admin, wanted)
            self._known |= wanted.keys()

    async def _create(self, admin: AIOKafkaAdminClient, topics: Sequence[Topic]) -> None:
        replication = self._settings.replication
        response = await admin.create_topics(
            [
                NewTopic(
                    topic.name,
                    self._settings.partitions or topic.partitions,
                    replication,
                    topic_configs=topic_settings(topic, replication),
                )
                for topic in topics
            ]
        )
        for name, code, message in response.topic_errors:
            # Another process may have been quicker.
            if code not in {0, TopicAlreadyExistsError.errno}:
                raise for_code(code)(f"{name}: {message}")

    async def partitions(self, admin: AIOKafkaAdminClient, names: Iterable[str]) -> list[TopicPartition]:
        """All partitions of those topics, once each has a leader. Waits for as long as it may."""
        wanted = sorted(set(names))
        while True:
            described = await admin.describe_topics(wanted)
            partitions = [(topic["topic"], partition) for topic in described for partition in topic["partitions"]]
            complete = all(topic["partitions"] for topic in described)
            if complete and all(partition["leader"] >= 0 for _name, partition in partitions):
                return sorted(TopicPartition(name, partition["partition"]) for name, partition in partitions)
            await asyncio.sleep(_RETRY_PAUSE_S)


async def retried(ask: Callable[[], Awaitable[T]]) -> T:
    """The answer, asking again for as long as the refusal is of the passing kind. Raises KafkaError for the other kind."""
    while True:
        try:
            return await ask()
        except KafkaError as error:
            if not error.retriable:
                raise
        await asyncio.sleep(_RETRY_PAUSE_S)
