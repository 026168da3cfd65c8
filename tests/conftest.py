"""What is dear to make and shared by many tests."""

import pytest

from services.kernel.text.lexicon import Lexicon
from services.kernel.text.segmenter import Segmenter
from tests.servers.databases import postgres_database
from tests.servers.fixtures import elasticsearch_server, kafka_server, postgres_server

__all__ = ["elasticsearch_server", "kafka_server", "postgres_database", "postgres_server", "segmenter"]


@pytest.fixture(scope="session")
def segmenter(tmp_path_factory: pytest.TempPathFactory) -> Segmenter:
    """The real segmenter; loading its dictionary takes a second."""
    return Segmenter(Lexicon.load(), tmp_path_factory.mktemp("jieba"))
