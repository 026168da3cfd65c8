"""The servers as fixtures: one of each per session, started when first asked for; skipped visibly where they cannot be had.

YUNGONG_TEST_POSTGRES, YUNGONG_TEST_KAFKA and YUNGONG_TEST_ELASTICSEARCH name servers that run already, by URLs such as our
settings take. With CI=true nothing is skipped: what cannot be started fails.
"""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache

import pytest

from tests.servers import docker, elasticsearch, kafka, postgres
from tests.servers.machine import Missing
from tests.servers.server import Server
from tests.servers.topics import lose_topics

_docker_answers = cache(docker.answers)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """PostgreSQL; `url` names a database whose user may create others."""
    yield from _served("YUNGONG_TEST_POSTGRES", docker.POSTGRES, postgres.start)


@pytest.fixture(scope="session")
def kafka_server() -> Iterator[Server]:
    """Kafka; tests use topics and groups of their own."""
    yield from _served("YUNGONG_TEST_KAFKA", docker.KAFKA, kafka.start)


@pytest.fixture
async def empty_kafka(kafka_server: Server) -> AsyncIterator[Server]:
    """Kafka without a topic of ours, before and after: for who follows the whole system's streams."""
    await lose_topics(kafka_server.url)
    yield kafka_server
    await lose_topics(kafka_server.url)


@pytest.fixture(scope="session")
def elasticsearch_server() -> Iterator[Server]:
    """Elasticsearch; tests use collections of their own."""
    yield from _served("YUNGONG_TEST_ELASTICSEARCH", docker.ELASTICSEARCH, elasticsearch.start)


def _served(variable: str, image: docker.Image, start: Callable[[], Server]) -> Iterator[Server]:
    server = _found(variable, image, start)
    yield server
    server.stop()


def _found(variable: str, image: docker.Image, start: Callable[[], Server]) -> Server:
    if url := os.environ.get(variable):
        return Server(url)
    if _docker_answers():
        return docker.starter(image)()
    try:
        return start()
    except Missing as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{variable} is not set, no Docker daemon answers, and {missing}")
        pytest.skip(f"no real server: {missing}")
