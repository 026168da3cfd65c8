"""The workers database: what the revisions make is what the tables say."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from services.kernel.store import migrate, open_store
from services.workers.app import MIGRATIONS
from services.workers.tables import metadata


async def test_the_newest_revision_is_the_tables(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'workers.db'}"
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
    assert {"workers", "worker_versions", "outbox", "idempotency", "imports"} < tables
