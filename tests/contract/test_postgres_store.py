"""What is PostgreSQL's own: connections that break."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from services.kernel.store import Store, StoreUnavailable, open_store
from services.kernel.store.postgres import SessionLock
from tests.servers.databases import execute

pytestmark = pytest.mark.real

OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.fixture
async def store(postgres_database: str) -> AsyncIterator[Store]:
    store = open_store(postgres_database)
    yield store
    await store.close()


async def test_a_connection_that_breaks_inside_a_transaction_is_unavailability(store: Store) -> None:
    async def lose_the_connection() -> None:
        async with store.write() as connection:
            await connection.execute(text("CREATE TABLE gone (id INTEGER)"))
            await execute(store.url, OTHERS)
            await connection.execute(text("SELECT 1"))

    with pytest.raises(StoreUnavailable):
        await lose_the_connection()
    async with store.read() as connection:
        assert await connection.scalar(text("SELECT to_regclass('gone')")) is None


async def test_broken_connections_in_the_pool_harm_nobody(store: Store) -> None:
    async with store.read() as connection:
        await connection.execute(select(1))
    await execute(store.url, OTHERS)
    async with store.read() as connection:
        assert await connection.scalar(select(1)) == 1


async def test_a_lock_whose_connection_breaks_is_lost_and_free(store: Store) -> None:
    lock = await store.try_lock("test")
    assert isinstance(lock, SessionLock)
    await execute(store.url, OTHERS)
    assert not await lock.held()
    successor = await store.try_lock("test")
    assert successor is not None
    await lock.release()
    assert await successor.held()
    await successor.release()


async def test_a_wait_for_a_row_that_lasts_too_long_is_unavailability(store: Store) -> None:
    async with store.write() as connection:
        await connection.execute(text("CREATE TABLE rows (id INTEGER)"))

    async def collide() -> None:
        async with store.write() as first, store.write() as second:
            await first.execute(text("LOCK TABLE rows"))
            await second.execute(text("SET LOCAL lock_timeout = 10"))
            await second.execute(text("LOCK TABLE rows"))

    with pytest.raises(StoreUnavailable, match="lock timeout"):
        await collide()


async def test_a_wrong_statement_is_not_unavailability(store: Store) -> None:
    with pytest.raises(ProgrammingError):
        async with store.read() as connection:
            await connection.execute(text("SELECT 1 FROM nowhere"))


async def test_time_is_utc_and_nothing_waits_for_ever(store: Store) -> None:
    async with store.read() as connection:
        assert await connection.scalar(text("SHOW timezone")) == "UTC"
        for setting in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            assert await connection.scalar(text(f"SHOW {setting}")) != "0"
