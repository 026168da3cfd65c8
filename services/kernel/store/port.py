"""The store: one database of one service. Siblings by URL: `sqlite+aiosqlite://` and `postgresql+asyncpg://`.

Law that both keep, tested by tests/contract/test_store.py:

* `write` is one transaction: commit at the end of the block, rollback if it raises. It is committed when the block is left.
* `read` sees a consistent snapshot of what was committed and can never write.
* Writers do not fail for each other's sake on SQLite (BEGIN IMMEDIATE, WAL): they wait up to the busy time-out.
* A unique constraint that is broken is `IntegrityError` of SQLAlchemy in both.
"""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection


class StoreUnavailable(Exception):
    """The database cannot be reached, is locked past its time-out or its disk is full; try again later."""


class Store(Protocol):
    """A service's own database. Repositories take the connection; commands open the transaction."""

    url: str

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection for queries. Raises StoreUnavailable."""
        ...

    def write(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction. Raises StoreUnavailable."""
        ...

    async def wait_for_commit(self, timeout_s: float) -> None:
        """Return at once after this process committed something since the last call, else after `timeout_s`.
        A hint that saves the relay from polling; it promises nothing about other processes."""
        ...

    async def close(self) -> None: ...
