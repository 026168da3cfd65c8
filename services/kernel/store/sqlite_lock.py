"""A lock for all processes of one machine, which is where a SQLite file lives.

It is an exclusive transaction held on an empty file beside the database: the operating system frees it with the process that
held it, however that process ended. A row with an expiry would make a restart wait, and would trust clocks.
"""

import asyncio
import sqlite3
from pathlib import Path
from typing import Final

from services.kernel.store.port import StoreUnavailable

_TAKEN: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


class FileLock:
    """See port.Lock. Cannot be lost while the process lives."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection: sqlite3.Connection | None = connection

    async def held(self) -> bool:
        return self._connection is not None

    async def release(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


async def try_file_lock(path: Path) -> FileLock | None:
    """The lock on `path`, or None when another connection, here or in another process, holds it. Raises StoreUnavailable."""
    connection = await asyncio.to_thread(acquire, path, 0)
    return None if connection is None else FileLock(connection)


def acquire(path: Path, timeout_s: float) -> sqlite3.Connection | None:
    """The lock, as the connection that holds it until it is closed; None when it was not free within `timeout_s`.

    Raises StoreUnavailable.
    """
    try:
        connection = sqlite3.connect(path, timeout=timeout_s, isolation_level=None, check_same_thread=False)
    except sqlite3.OperationalError as error:
        raise StoreUnavailable(str(error)) from error
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF in _TAKEN:
            return None
        raise StoreUnavailable(str(error)) from error
    return connection
