"""The outbox table: what was decided and is to be told."""

from types import ModuleType

from sqlalchemy import JSON, Column, Index, Integer, LargeBinary, MetaData, Table, Text

from services.kernel.store.types import Serial, UtcDateTime

OUTBOX = "outbox"


def _columns() -> list[Column[object]]:
    return [
        Column("id", Serial, primary_key=True),
        Column("aggregate_id", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("headers", JSON, nullable=False),
        Column("value", LargeBinary, nullable=True),
        Column("traceparent", Text, nullable=True),
        Column("created_at", UtcDateTime, nullable=False),
        Column("published_at", UtcDateTime, nullable=True),
    ]


def outbox_table(metadata: MetaData) -> Table:
    """The table, registered in a service's metadata. `value` None is a tombstone; `published_at` None is still to be sent.

    The index holds only what is unpublished, so that finding it costs the same however long the history is.
    """
    table = Table(OUTBOX, metadata, *_columns())
    waiting = table.c.published_at.is_(None)
    Index("ix_outbox_unpublished", table.c.id, sqlite_where=waiting, postgresql_where=waiting)
    return table


def create_outbox(op: ModuleType) -> None:
    """Make the table in a service's first revision: `create_outbox(op)` with Alembic's `op`."""
    table = outbox_table(MetaData())
    op.create_table(OUTBOX, *_columns())
    waiting = table.c.published_at.is_(None)
    op.create_index("ix_outbox_unpublished", OUTBOX, ["id"], sqlite_where=waiting, postgresql_where=waiting)
