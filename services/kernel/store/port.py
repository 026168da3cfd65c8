"""The store: one database of one service. Siblings by URL: `sqlite+aiosqlite://` and `postgresql+asyncpg://`.

Law that both keep, tested by tests/contract/test_store.py:

* `write` is one transaction: commit at the end of the block, rollback if it raises. It is committed when the block is left.
* What `write` committed survives a kill -9 of every process.
* `read` sees a consistent snapshot of what was committed and can never write.
* Writers do not fail for each other's sake on SQLite (BEGIN IMMEDIATE, WAL): they wait up to the busy time-out.
* A unique constraint that is broken is `IntegrityError` of SQLAlchemy in both.
* A lock has one holder among all processes, and is free again the moment its holder dies.
"""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection


class StoreUnavailable(Exception):
    """The database cannot be reached, is locked past its time-out or its disk is full; try again later."""


class Lock(Protocol):
    """A lock that is held: there is one holder of a name per database."""

    async def held(self) -> bool:
        """Whether it is still ours; False for ever once it was lost (the connection that carried it broke)."""
        ...

    async def release(self) -> None:
        """Let the next one have it. Releasing twice, or what was lost, does nothing."""
        ...


class Store(Protocol):
    """A service's own database. Repositories take the connection; commands open the transaction."""

    url: str

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection for queries. Raises StoreUnavailable."""
        ...

    def write(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction. Raises StoreUnavailable. Not to be opened inside another of the same task: it would wait for it."""
        ...

    async def wait_for_commit(self, timeout_s: float) -> None:
        """Return at once after this process committed something since the last call, else after `timeout_s`.
        A hint that saves the relay from polling; it promises nothing about other processes."""
        ...

    async def try_lock(self, name: str) -> Lock | None:
        """The lock `name` of this database, or None when someone else holds it. Raises StoreUnavailable."""
        ...

    async def close(self) -> None: ...
