"""What is Kafka's own: brokers that freeze, die and come late; topics as our law wants them; TLS and passwords."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from services.contracts.topics import Topic
from services.kernel.bus import Bus, BusUnavailable, ConsumerLoop, DeadLetters, Done, Message, Record, Verdict, open_bus
from services.kernel.bus.kafka import KafkaBus
from services.kernel.bus.kafka_topics import LARGEST_DEAD_LETTER_BYTES, LARGEST_RECORD_BYTES, topic_settings
from services.kernel.pauses import Backoff
from tests.contract.streams import commit, drained, numbered, published, record, running, until, values
from tests.servers import kafka
from tests.servers.machine import Missing
from tests.servers.process import ServerProcess
from tests.servers.server import Server
from tests.servers.topics import lose_topics

pytestmark = pytest.mark.real


@pytest.fixture
def broker(kafka_server: Server) -> ServerProcess:
    """The session's broker, to freeze and kill; tests leave it running."""
    if kafka_server.process is None:
        pytest.skip("this Kafka is not our process")
    return kafka_server.process


@pytest.fixture
async def impatient(kafka_server: Server) -> AsyncIterator[KafkaBus]:
    bus = KafkaBus(kafka_server.url, acknowledged_within_s=2)
    yield bus
    await bus.close()


async def acknowledged(bus: Bus, records: Sequence[Record]) -> None:
    """Publish until the broker has them all, as the relay does."""

    async def arrived() -> bool:
        return all(await bus.publish(records))

    await until(arrived)


async def test_a_frozen_broker_acknowledges_nothing_and_a_thawed_one_goes_on(
    broker: ServerProcess, impatient: KafkaBus, topic: Topic
) -> None:
    await published(impatient, numbered(topic, "a", 3))
    broker.freeze()
    try:
        assert await impatient.publish([record(topic, "a", "3"), record(topic, "a", "4")]) == [False, False]
    finally:
        broker.thaw()
    await acknowledged(impatient, [record(topic, "a", "3"), record(topic, "a", "4")])
    found = values([message async for message in impatient.snapshot([topic])], "a")
    # What was sent into the ice may have arrived too: duplicates, in order, and the last word is the last.
    assert found[:3] == ["0", "1", "2"]
    assert found[-2:] == ["3", "4"]
    assert sorted(set(found)) == ["0", "1", "2", "3", "4"]


async def test_a_broker_that_is_killed_keeps_what_it_acknowledged(
    broker: ServerProcess, impatient: KafkaBus, topic: Topic
) -> None:
    await published(impatient, numbered(topic, "a", 100))
    broker.kill()
    try:
        assert await impatient.publish([record(topic, "a", "lost?")]) == [False]
        with pytest.raises(BusUnavailable):
            await impatient.lag([topic], "group")
    finally:
        await asyncio.to_thread(broker.start)
    await acknowledged(impatient, [record(topic, "a", "after")])
    found = values([message async for message in impatient.snapshot([topic])], "a")
    assert found == [*map(str, range(100)), "after"]


async def test_a_consumer_goes_on_when_the_broker_comes_back(broker: ServerProcess, impatient: KafkaBus, topic: Topic) -> None:
    seen: set[str] = set()

    async def handle(messages: Sequence[Message]) -> Sequence[Verdict]:
        seen.update(message.key for message in messages)
        return [Done()] * len(messages)

    loop = ConsumerLoop(impatient, [topic], "group", handle, DeadLetters(impatient), backoff=Backoff(0.1, 0.5))
    async with running(loop.run):
        await published(impatient, [record(topic, "before")])
        await until(lambda: "before" in seen)
        broker.kill()
        await asyncio.to_thread(broker.start)
        await acknowledged(impatient, [record(topic, "after")])
        await until(lambda: "after" in seen)


async def test_a_bus_may_be_opened_before_its_broker_is_there(topic: Topic) -> None:
    try:
        server = await asyncio.to_thread(kafka.start)
    except Missing as missing:
        pytest.skip(f"no Kafka of our own: {missing}")
    assert server.process is not None
    bus = open_bus(server.url)
    try:
        server.process.stop()
        assert await bus.publish([record(topic, "a")]) == [False]
        await asyncio.to_thread(server.process.start)
        await acknowledged(bus, [record(topic, "a")])
    finally:
        await bus.close()
        await asyncio.to_thread(server.stop)


async def test_a_topic_that_was_deleted_is_made_again_and_read_from_its_start(
    kafka_server: Server, impatient: KafkaBus, topic: Topic
) -> None:
    await published(impatient, numbered(topic, "a", 5))
    async with impatient.subscribe([topic], "readers") as subscription:
        await commit(subscription, await drained(subscription, 5))
        assert await impatient.lag([topic], "readers") == {topic.name: 0}
        await lose_topics(kafka_server.url, topic.name)
        await acknowledged(impatient, [record(topic, "a", "5"), record(topic, "a", "6")])
        assert values(await drained(subscription, 2), "a")[:2] == ["5", "6"]
    found = values([message async for message in impatient.snapshot([topic])], "a")
    assert (found[:1], found[-1:]) == (["5"], ["6"])


async def test_a_record_that_is_too_large_harms_no_other(impatient: KafkaBus, topic: Topic) -> None:
    beyond_client = Record(topic, "a", b"x" * (LARGEST_DEAD_LETTER_BYTES + 1))
    assert await impatient.publish([record(topic, "b"), beyond_client, record(topic, "c")]) == [True, False, True]
    beyond_topic = Record(topic, "a", b"x" * (LARGEST_RECORD_BYTES + 1024))
    assert await impatient.publish([beyond_topic]) == [False]
    assert await impatient.publish([record(topic, "d"), Record(topic, "e", b"x" * (LARGEST_RECORD_BYTES - 1024))]) == [
        True,
        True,
    ]


async def test_a_topic_is_created_as_our_law_wants_it(kafka_server: Server, impatient: KafkaBus, topic: Topic) -> None:
    await impatient.ensure([topic])
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_server.url.removeprefix("kafka://"))
    await admin.start()
    (response,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic.name)])
    (described,) = await admin.describe_topics([topic.name])
    await admin.close()
    found = {entry[0]: entry[1] for entry in response.resources[0][4]}
    assert topic_settings(topic, replication=1).items() <= found.items()
    assert len(described["partitions"]) == topic.partitions


async def test_tls_and_a_password(kafka_server: Server, topic: Topic) -> None:
    if kafka_server.secure_url is None:
        pytest.skip("this Kafka has no secure listener")
    bus: Bus = open_bus(kafka_server.secure_url)
    await published(bus, [record(topic, "a")])
    async with bus.subscribe([topic], "group") as subscription:
        assert len(await drained(subscription, 1)) == 1
    await bus.close()
    stranger = open_bus(kafka_server.secure_url.replace("yungong:", "stranger:"))
    assert await stranger.publish([record(topic, "a")]) == [False]
    await stranger.close()
