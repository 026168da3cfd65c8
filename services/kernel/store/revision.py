"""Is a database at the revision that this code is written for? Asked by every process that does not migrate by itself."""

import asyncio
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from services.kernel.store.migration import alembic_config
from services.kernel.store.postgres import connected, postgres_engine, postgres_trouble
from services.kernel.store.sqlite import sqlite_engine, sqlite_trouble


class WrongRevision(Exception):
    """The tables are not those of this code. `found` "": there are none yet."""

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(f"the database is at revision {found or 'none'}, this code is for {wanted}")
        self.found = found
        self.wanted = wanted


async def require_newest(url: str, script_location: Path) -> None:
    """Raises WrongRevision unless the database at `url` is at the head of `script_location`/versions; StoreUnavailable."""
    wanted = await asyncio.to_thread(lambda: ScriptDirectory.from_config(alembic_config(script_location)).get_current_head())
    found = await _found(url)
    if found != wanted:
        raise WrongRevision(found or "", wanted or "")


async def _found(url: str) -> str | None:
    if not url.startswith("sqlite"):
        with postgres_trouble():
            return await _current(postgres_engine(url))
    place = make_url(url)
    if not await asyncio.to_thread(Path(place.database or "").is_file):
        return None
    with sqlite_trouble():
        return await _current(sqlite_engine(place, read_only=True))


async def _current(engine: AsyncEngine) -> str | None:
    def current(connection: Connection) -> str | None:
        return MigrationContext.configure(connection).get_current_revision()

    try:
        async with connected(engine) as connection:
            return await connection.run_sync(current)
    finally:
        await engine.dispose()
