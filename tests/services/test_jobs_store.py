"""The jobs database: what the revisions make is what the tables say."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from services.jobs.app import MIGRATIONS
from services.jobs.tables import metadata
from services.kernel.store import migrate, open_store


async def test_the_newest_revision_is_the_tables(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'jobs.db'}"
    await migrate(url, MIGRATIONS)
    await migrate(url, MIGRATIONS)
    store = open_store(url)

    def differences(connection: Connection) -> tuple[list[object], set[str]]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata)), set(inspect(connection).get_table_names())

    async with store.write() as connection:
        found, tables = await connection.run_sync(differences)
    await store.close()
    assert found == []
    assert {"postings", "outbox", "idempotency", "imports"} < tables
