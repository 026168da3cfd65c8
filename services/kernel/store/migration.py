"""Bringing a database to the revision that the code is written for, by Alembic, for both dialects.

A service keeps only its revisions, in `<migrations>/versions/`; how they are run is here and in environment/env.py, once.
"""

import asyncio
import threading
from contextlib import closing
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from services.kernel.store.port import StoreUnavailable
from services.kernel.store.postgres import connected, postgres_engine, postgres_trouble
from services.kernel.store.sqlite import sqlite_engine, sqlite_trouble
from services.kernel.store.sqlite_lock import acquire

ENVIRONMENT: Final = Path(__file__).with_name("environment")
MIGRATION_LOCK: Final = 7_210_513_001
LONGEST_WAIT_S: Final = 60
# Alembic keeps what it is doing in module globals: one migration at a time in a process.
_ONE_AT_A_TIME: Final = threading.Lock()
# Alembic changes a SQLite table by copying it and dropping the old one; with foreign keys on, that empties what refers to it.
_SQLITE_PRAGMAS: Final = {"busy_timeout": "60000", "journal_mode": "WAL", "synchronous": "FULL", "foreign_keys": "OFF"}


class BrokenReferences(Exception):
    """After the migration, rows refer to rows that do not exist. Nothing was changed."""


async def migrate(url: str, script_location: Path, revision: str = "head") -> None:
    """Upgrade the database at `url` to `revision` of the service whose revisions are in `script_location`/versions.

    One transaction; processes that start together wait for one another. Raises StoreUnavailable, BrokenReferences, and what a
    revision raises; then nothing was changed.
    """
    await asyncio.to_thread(_migrate, url, alembic_config(script_location), revision)


def alembic_config(script_location: Path) -> Config:
    """Alembic's configuration for one service: for tests of revisions, and for writing a new one."""
    config = Config()
    config.set_main_option("script_location", _escaped(ENVIRONMENT))
    config.set_main_option("version_locations", _escaped(script_location / "versions"))
    config.set_main_option("path_separator", "newline")
    return config


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")


def _migrate(url: str, config: Config, revision: str) -> None:
    with _ONE_AT_A_TIME:
        if url.startswith("sqlite"):
            _migrate_file(make_url(url), config, revision)
        else:
            with postgres_trouble():
                asyncio.run(_upgrade(postgres_engine(url), config, revision))


def _migrate_file(url: URL, config: Config, revision: str) -> None:
    # A lock of our own: SQLite's does not wait for others while a new file is switched to WAL.
    lock = acquire(Path(f"{url.database}.migration.lock"), LONGEST_WAIT_S)
    if lock is None:
        raise StoreUnavailable(f"another process has been migrating {url.database} for {LONGEST_WAIT_S} s")
    with closing(lock), sqlite_trouble():
        asyncio.run(_upgrade(sqlite_engine(url, pragmas=_SQLITE_PRAGMAS), config, revision))


async def _upgrade(engine: AsyncEngine, config: Config, revision: str) -> None:
    try:
        async with connected(engine) as connection, connection.begin():
            await connection.run_sync(_run, config, revision)
    finally:
        await engine.dispose()


def _run(connection: Connection, config: Config, revision: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATION_LOCK})
        connection.execute(text("SET LOCAL statement_timeout = 0"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    if connection.dialect.name == "sqlite" and (broken := connection.execute(text("PRAGMA foreign_key_check")).first()):
        raise BrokenReferences(f"table {broken[0]}, row {broken[1]} refers to a missing row of {broken[2]}")
