"""Topics on Kafka: created as our law wants them, and looked up."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final, TypeVar

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaConnectionError, KafkaError, LeaderNotAvailableError, TopicAlreadyExistsError, for_code

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
    """Creates topics, looks up their partitions and how far groups have read them. Every method raises BusUnavailable."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._known: set[str] = set()
        self._creating = asyncio.Lock()

    async def ensure(self, topics: Iterable[Topic]) -> None:
        """Create those that are missing, and wait until they can be used."""
        wanted = {topic.name: topic for topic in topics}
        if wanted.keys() <= self._known:
            return
        async with self._creating:
            await self._asked(lambda admin: self._create_missing(admin, wanted))
            await self.partitions(wanted)
            self._known |= wanted.keys()

    def doubt(self, topics: Iterable[Topic]) -> None:
        """Look again before the next use: something failed, and somebody may have deleted a topic that we know of."""
        self._known -= {topic.name for topic in topics}

    async def partitions(self, names: Iterable[str]) -> list[TopicPartition]:
        """All partitions of those topics, in order, once each has a leader."""
        wanted = sorted(set(names))
        return await self._asked(lambda admin: _partitions(admin, wanted))

    async def committed(self, group: str) -> Mapping[TopicPartition, int]:
        """The offset of the next message of the group, where it has committed one."""
        kept = await self._asked(lambda admin: admin.list_consumer_group_offsets(group))
        return {place: committed.offset for place, committed in kept.items() if committed.offset >= 0}

    async def _asked(self, ask: Callable[[AIOKafkaAdminClient], Awaitable[T]]) -> T:
        """The answer, asking again, by a new client, for as long as the refusal is of the passing kind."""
        async with answered():
            while True:
                admin = AIOKafkaAdminClient(**self._settings.client)
                try:
                    await admin.start()
                    return await ask(admin)
                except KafkaError as error:
                    # Without any broker start() fails, and waiting here would only keep the caller from its own backoff.
                    if isinstance(error, KafkaConnectionError) or not error.retriable:
                        raise
                finally:
                    await admin.close()
                await asyncio.sleep(_RETRY_PAUSE_S)

    async def _create_missing(self, admin: AIOKafkaAdminClient, wanted: Mapping[str, Topic]) -> None:
        missing = sorted(wanted.keys() - set(await admin.list_topics()))
        if not missing:
            return
        replication = self._settings.replication
        response = await admin.create_topics(
            [
                NewTopic(
                    name,
                    self._settings.partitions or wanted[name].partitions,
                    replication,
                    topic_configs=topic_settings(wanted[name], replication),
                )
                for name in missing
            ]
        )
        for name, code, message in response.topic_errors:
            # Another process may have been quicker.
            if code not in {0, TopicAlreadyExistsError.errno}:
                raise for_code(code)(f"{name}: {message}")


async def _partitions(admin: AIOKafkaAdminClient, names: Sequence[str]) -> list[TopicPartition]:
    described = await admin.describe_topics(list(names))
    partitions = [(topic["topic"], partition) for topic in described for partition in topic["partitions"]]
    if not all(topic["partitions"] for topic in described) or any(partition["leader"] < 0 for _name, partition in partitions):
        raise LeaderNotAvailableError
    return sorted(TopicPartition(name, partition["partition"]) for name, partition in partitions)
