"""Losing what stands on Kafka."""

from aiokafka.admin import AIOKafkaAdminClient

from services.contracts.topics import TOPICS
from services.kernel.bus.kafka_settings import KafkaSettings
from tests.contract.streams import until


async def lose_topics(url: str, *names: str) -> None:
    """Delete these topics, without a name all of ours, and wait until they are gone."""
    wanted = set(names or (topic.name for topic in TOPICS))
    admin = AIOKafkaAdminClient(**KafkaSettings.parse(url).client)
    await admin.start()
    try:
        if there := wanted & set(await admin.list_topics()):
            await admin.delete_topics(sorted(there))

        async def gone() -> bool:
            return not wanted & set(await admin.list_topics())

        await until(gone)
    finally:
        await admin.close()
