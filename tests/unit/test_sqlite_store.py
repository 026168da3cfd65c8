"""What is SQLite's own: which of its errors pass by themselves, and its types."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import URL, Column, Integer, MetaData, Table, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, StatementError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.kernel.store import Store, StoreUnavailable, migrate, open_store
from services.kernel.store.migration import BrokenReferences
from services.kernel.store.sqlite import sqlite_engine, sqlite_trouble
from services.kernel.store.types import UtcDateTime

MOMENTS = Table("moments", MetaData(), Column("id", Integer, primary_key=True), Column("at", UtcDateTime))
IMPATIENT = {"busy_timeout": "1", "journal_mode": "WAL"}


@pytest.fixture
def url(tmp_path: Path) -> URL:
    return make_url(f"sqlite+aiosqlite:///{tmp_path / 'store.db'}")


@pytest.fixture
async def engine(url: URL) -> AsyncIterator[AsyncEngine]:
    engine = sqlite_engine(url, pragmas=IMPATIENT)
    async with engine.begin() as connection:
        await connection.run_sync(MOMENTS.metadata.create_all)
    yield engine
    await engine.dispose()


@pytest.fixture
async def store(engine: AsyncEngine, url: URL) -> AsyncIterator[Store]:
    assert engine
    store = open_store(str(url))
    yield store
    await store.close()


async def test_a_lock_that_is_not_let_go_is_unavailability(engine: AsyncEngine, store: Store) -> None:
    with pytest.raises(StoreUnavailable, match="locked"), sqlite_trouble():
        async with store.write(), engine.begin():
            pass


async def test_a_full_disk_is_unavailability_and_leaves_nothing(engine: AsyncEngine) -> None:
    async def fill() -> None:
        async with engine.begin() as connection:
            await connection.execute(text("PRAGMA max_page_count = 4"))
            await connection.execute(insert(MOMENTS), [{"id": number} for number in range(10_000)])

    with pytest.raises(StoreUnavailable, match="full"), sqlite_trouble():
        await fill()
    async with engine.begin() as connection:
        assert (await connection.execute(select(MOMENTS))).all() == []


async def test_a_wrong_statement_is_not_unavailability(store: Store) -> None:
    with pytest.raises(OperationalError):
        async with store.read() as connection:
            await connection.execute(text("SELECT 1 FROM nowhere"))


async def test_a_commit_is_flushed_to_the_disk(store: Store) -> None:
    async with store.write() as connection:
        assert await connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert await connection.scalar(text("PRAGMA synchronous")) == 2
        assert await connection.scalar(text("PRAGMA foreign_keys")) == 1


async def test_a_moment_comes_out_as_it_went_in_and_in_utc(store: Store) -> None:
    moment = datetime(2026, 3, 1, 8, 0, 0, 123456, timezone(timedelta(hours=8)))
    async with store.write() as connection:
        await connection.execute(insert(MOMENTS).values(id=1, at=moment))
        await connection.execute(insert(MOMENTS).values(id=2, at=None))
    async with store.read() as connection:
        found, missing = await connection.scalars(select(MOMENTS.c.at).order_by(MOMENTS.c.id))
        later = await connection.scalars(select(MOMENTS.c.id).where(MOMENTS.c.at < moment + timedelta(seconds=1)))
        assert later.all() == [1]
    assert found == moment
    assert found.tzinfo is UTC
    assert missing is None


async def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="no time zone"):
        async with store.write() as connection:
            await connection.execute(insert(MOMENTS).values(id=1, at=datetime(2026, 3, 1)))  # noqa: DTZ001 - the case


@pytest.mark.parametrize("url", ["mysql://host/name", "sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="store"):
        open_store(url)


REVISION = """
from alembic import op
revision, down_revision = {revision!r}, {after!r}

def upgrade() -> None:
    for statement in {statements!r}:
        op.execute(statement)
"""


def write_revision(migrations: Path, revision: str, after: str | None, *statements: str) -> None:
    (migrations / "versions").mkdir(parents=True, exist_ok=True)
    script = REVISION.format(revision=revision, after=after, statements=statements)
    (migrations / "versions" / f"{revision}.py").write_text(script)


async def test_a_revision_that_breaks_references_is_undone(tmp_path: Path, url: URL) -> None:
    write_revision(
        tmp_path,
        "one",
        None,
        "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
        "CREATE TABLE child (parent INTEGER REFERENCES parent (id))",
        "INSERT INTO parent VALUES (1)",
        "INSERT INTO child VALUES (1)",
    )
    await migrate(str(url), tmp_path)
    write_revision(tmp_path, "two", "one", "CREATE TABLE added (id INTEGER)", "DELETE FROM parent")
    with pytest.raises(BrokenReferences, match="child"):
        await migrate(str(url), tmp_path)
    with sqlite3.connect(str(url.database)) as connection:
        assert connection.execute("SELECT * FROM parent").fetchall() == [(1,)]
        assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'added'").fetchall() == []
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("one",)]
    connection.close()
