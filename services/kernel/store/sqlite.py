"""SQLite: one file in WAL, one writer at a time, readers beside it.

Python's own transaction handling is switched off (`isolation_level=None`): it begins transactions late and deferred, and a
deferred transaction that turns to writing fails at once with SQLITE_BUSY_SNAPSHOT, whatever the busy time-out.
"""

import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import URL, Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from services.kernel.store.commits import CommitSignal
from services.kernel.store.port import Lock, StoreUnavailable
from services.kernel.store.sqlite_lock import try_file_lock

BUSY_TIMEOUT_S: Final = 10
_WRITER_PRAGMAS: Final = {
    "busy_timeout": str(BUSY_TIMEOUT_S * 1000),
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "foreign_keys": "ON",
}
_READER_PRAGMAS: Final = {"busy_timeout": str(BUSY_TIMEOUT_S * 1000), "query_only": "ON"}
_TRANSIENT: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_NOMEM,
    }
)


def sqlite_engine(url: URL, *, read_only: bool = False, pragmas: Mapping[str, str] | None = None) -> AsyncEngine:
    """An engine on the file in `url`: transactions begin with BEGIN IMMEDIATE, or with BEGIN on a file opened read-only.

    `pragmas` take the place of those a writer has by default. Raises ValueError when the URL names no file.
    """
    if not url.database or url.database == ":memory:":
        raise ValueError("a store needs a file: sqlite+aiosqlite:///path")
    mode = "ro" if read_only else "rwc"
    engine = create_async_engine(
        url.set(database=f"file:{quote(url.database)}", query={"mode": mode, "uri": "true"}),
        connect_args={"isolation_level": None},
        # Writers queue here, first come first served, rather than racing for SQLite's own lock.
        pool_size=4 if read_only else 1,
        max_overflow=8 if read_only else 0,
        pool_timeout=BUSY_TIMEOUT_S,
    )
    settings = pragmas or (_READER_PRAGMAS if read_only else _WRITER_PRAGMAS)

    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for name, value in settings.items():
            cursor.execute(f"PRAGMA {name} = {value}")
        cursor.close()

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    def look_first(*_: object) -> None:
        # aiosqlite leaves a thread behind when opening fails, which then speaks to an event loop that may be closed.
        place = Path(url.database or "")
        if not (place.is_file() if read_only else place.parent.is_dir()):
            raise StoreUnavailable(f"there is no {'file' if read_only else 'directory for'} {place}")

    event.listen(engine.sync_engine, "do_connect", look_first)
    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", begin)
    return engine


@contextmanager
def sqlite_trouble() -> Iterator[None]:
    """Turn what passes by itself (locked, full, unreachable) into StoreUnavailable; everything else is raised as it is."""
    try:
        yield
    except PoolTimeout as timeout:
        raise StoreUnavailable(str(timeout)) from timeout
    except DBAPIError as error:
        code = getattr(error.orig, "sqlite_errorcode", None)
        if isinstance(code, int) and code & 0xFF in _TRANSIENT:
            raise StoreUnavailable(str(error.orig)) from error
        raise


class SqliteStore:
    """See port.py. Two engines on one file: a single writer, and readers that were opened read-only."""

    def __init__(self, url: str) -> None:
        self.url = url
        parsed = make_url(url)
        self._writer = sqlite_engine(parsed)
        self._reader = sqlite_engine(parsed, read_only=True)
        self._path = Path(str(parsed.database))
        self._commits = CommitSignal()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        with sqlite_trouble():
            async with self._reader.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        with sqlite_trouble():
            async with self._writer.begin() as connection:
                yield connection
        self._commits.notify()

    async def wait_for_commit(self, timeout_s: float) -> None:
        await self._commits.wait(timeout_s)

    async def try_lock(self, name: str) -> Lock | None:
        return await try_file_lock(self._path.with_name(f"{self._path.name}.{name}.lock"))

    async def close(self) -> None:
        # Readers first: the last connection to leave folds the WAL into the file, which a reader may not do.
        await self._reader.dispose()
        await self._writer.dispose()
