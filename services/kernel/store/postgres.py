"""PostgreSQL by asyncpg."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from services.kernel.store.commits import CommitSignal
from services.kernel.store.port import Lock, StoreUnavailable

CONNECT_TIMEOUT_S: Final = 5
STATEMENT_TIMEOUT_S: Final = 60
LOCK_TIMEOUT_S: Final = 10
POOL_TIMEOUT_S: Final = 10
_SERVER_SETTINGS: Final = {
    "application_name": "yungong",
    "timezone": "UTC",
    "statement_timeout": str(STATEMENT_TIMEOUT_S * 1000),
    "lock_timeout": str(LOCK_TIMEOUT_S * 1000),
    "idle_in_transaction_session_timeout": str(STATEMENT_TIMEOUT_S * 1000),
}
# PostgreSQL appendix A: 08 connection, 40 rolled back for the sake of others, 53 out of resources (disk, connections, memory),
# 55P03 lock not available, 57 operator (shutdown, starting up, cancelled by time-out), 58 system error outside PostgreSQL.
_TRANSIENT_CLASSES: Final = ("08", "40", "53", "55P03", "57", "58")


def postgres_engine(url: str) -> AsyncEngine:
    """An engine whose connections give up in time: connecting, waiting for locks, running, and idling inside a transaction."""
    return create_async_engine(
        url,
        connect_args={"timeout": CONNECT_TIMEOUT_S, "server_settings": _SERVER_SETTINGS},
        pool_size=8,
        max_overflow=8,
        pool_timeout=POOL_TIMEOUT_S,
        pool_pre_ping=True,
    )


@contextmanager
def postgres_trouble() -> Iterator[None]:
    """Turn what passes by itself into StoreUnavailable; everything else is raised as it is."""
    try:
        yield
    except PoolTimeout as timeout:
        raise StoreUnavailable(str(timeout)) from timeout
    except DBAPIError as error:
        state = str(getattr(error.orig, "sqlstate", None) or "")
        if error.connection_invalidated or state.startswith(_TRANSIENT_CLASSES):
            raise StoreUnavailable(str(error.orig)) from error
        raise


@asynccontextmanager
async def connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection of the pool. A server that cannot be reached is StoreUnavailable; what the block raises is left alone."""
    try:
        connection = await engine.connect()
    except (OSError, TimeoutError) as error:
        raise StoreUnavailable(f"PostgreSQL cannot be reached: {error}") from error
    try:
        yield connection
    finally:
        await connection.close()


class SessionLock:
    """See port.Lock. An advisory lock lives and dies with the connection that took it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection: AsyncConnection | None = connection

    async def held(self) -> bool:
        if self._connection is None:
            return False
        try:
            with postgres_trouble():
                await self._connection.execute(text("SELECT 1"))
        except StoreUnavailable:
            await self.release()
            return False
        return True

    async def release(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            # Closing the session for good frees the lock; a pooled connection would carry it to its next user.
            await connection.invalidate()
            await connection.close()


class PostgresStore:
    """See port.py."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = postgres_engine(url)
        self._commits = CommitSignal()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        with postgres_trouble():
            async with connected(self._engine) as connection:
                # One snapshot for all statements of the block, as SQLite gives.
                await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        with postgres_trouble():
            async with connected(self._engine) as connection, connection.begin():
                yield connection
        self._commits.notify()

    async def wait_for_commit(self, timeout_s: float) -> None:
        await self._commits.wait(timeout_s)

    async def try_lock(self, name: str) -> Lock | None:
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        with postgres_trouble():
            try:
                connection = await self._engine.connect()
            except (OSError, TimeoutError) as error:
                raise StoreUnavailable(f"PostgreSQL cannot be reached: {error}") from error
            # Outside a transaction: an idle one would be ended by the server, and would hold back vacuum.
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            taken = await connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": number})
            if not taken:
                await connection.close()
                return None
            return SessionLock(connection)

    async def close(self) -> None:
        await self._engine.dispose()
