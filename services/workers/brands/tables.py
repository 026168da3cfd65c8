"""The table of labour brands."""

from sqlalchemy import Column, Integer, MetaData, Table, Text, UniqueConstraint

from services.kernel.store.types import UtcDateTime


def brands_table(metadata: MetaData) -> Table:
    """The table, registered in the workers database's metadata."""
    return Table(
        "brands",
        metadata,
        Column("id", Text, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("state", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("division_code", Text, nullable=False),
        Column("occupation", Text, nullable=False),
        Column("certificate", Text, nullable=False),
        Column("description", Text, nullable=False),
        Column("changed_at", UtcDateTime, nullable=False),
        UniqueConstraint("division_code", "name", name="brands_name"),
    )
