"""What is dear to make and shared by many tests."""

import pytest

from services.kernel.text.lexicon import Lexicon
from services.kernel.text.segmenter import Segmenter
from tests.servers.databases import postgres_database
from tests.servers.fixtures import elasticsearch_server, empty_kafka, kafka_server, postgres_server

__all__ = ["elasticsearch_server", "empty_kafka", "kafka_server", "postgres_database", "postgres_server", "segmenter"]


@pytest.fixture(scope="session")
def segmenter() -> Segmenter:
    """The real segmenter."""
    return Segmenter(Lexicon.load())
