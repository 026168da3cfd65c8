"""The log of changes: what portals and other systems follow."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, Table, Text

from services.jobs.tables import metadata
from services.kernel.store.types import Serial, UtcDateTime

changes = Table(
    "changes",
    metadata,
    # Rises in the order of commits, see log.py; a number is never given twice, even after the log was purged.
    Column("position", Serial, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("employer_id", Text, nullable=True),
    Column("place_code", Text, nullable=False),
    Column("external_reference", Text, nullable=True),
    Column("status", Text, nullable=False),
    Column("reason_code", Text, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("public_before", Boolean, nullable=False),
    Column("keys", JSON, nullable=False),
    Column("keys_before", JSON, nullable=False),
    Column("document", JSON, nullable=True),
    Index("changes_employer", "employer_id", "position"),
    Index("changes_at", "at"),
    sqlite_autoincrement=True,
)
