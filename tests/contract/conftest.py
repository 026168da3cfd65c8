"""Fixtures that run each contract test once for each sibling behind a port."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.contracts.topics import Topic
from services.kernel.bus import Bus, open_bus
from services.kernel.ids import new_id
from services.kernel.store import Store, migrate, open_store
from tests.contract.ledger import MIGRATIONS
from tests.servers.machine import free_ports
from tests.servers.server import Server

STORES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.real)]
BUSES = ["embedded", pytest.param("kafka", marks=pytest.mark.real)]


@pytest.fixture(params=STORES)
def empty_store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database of this test's own, without tables."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_database"))
    return f"sqlite+aiosqlite:///{tmp_path / '库 %1.db'}"


@pytest.fixture
async def store_url(empty_store_url: str) -> str:
    """The URL of a database of this test's own, with the tables of ledger.py."""
    await migrate(empty_store_url, MIGRATIONS)
    return empty_store_url


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    store = open_store(store_url)
    yield store
    await store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def absent_store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that cannot be reached."""
    if request.param == "postgresql":
        return f"postgresql+asyncpg://yungong@127.0.0.1:{free_ports(1)[0]}/absent"
    return f"sqlite+aiosqlite:///{tmp_path}/no/such/directory/store.db"


@pytest.fixture(params=BUSES)
def bus_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a bus; what is on it besides this test's topic is not this test's."""
    if request.param == "kafka":
        server: Server = request.getfixturevalue("kafka_server")
        return server.url
    return f"embedded://{tmp_path / '日志 #%1?.db'}"


@pytest.fixture
async def bus(bus_url: str) -> AsyncIterator[Bus]:
    bus = open_bus(bus_url)
    yield bus
    await bus.close()


@pytest.fixture(params=["embedded", "kafka"])
def absent_bus_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a bus that cannot be reached."""
    if request.param == "kafka":
        return f"kafka://127.0.0.1:{free_ports(1)[0]}"
    return f"embedded://{tmp_path}/no/such/directory/log.db"


@pytest.fixture
def topic() -> Topic:
    """A stream of this test's own."""
    return Topic(new_id("test"), partitions=3)
