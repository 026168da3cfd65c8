"""Pairs that may be one opening, and how far they were looked for."""

from sqlalchemy import JSON, BigInteger, Column, Float, ForeignKey, Index, Integer, Table, Text

from services.jobs.tables import metadata
from services.kernel.store.types import UtcDateTime

pairs = Table(
    "posting_duplicates",
    metadata,
    Column("first_id", Text, ForeignKey("postings.id"), primary_key=True),
    Column("second_id", Text, ForeignKey("postings.id"), primary_key=True),
    Column("score", Float, nullable=False),
    Column("parts", JSON, nullable=False),
    Column("state", Text, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime, nullable=True),
    Column("decided_by", Text, nullable=True),
    Column("reason", Text, nullable=False),
    Index("posting_duplicates_state", "state", "found_at"),
)

looked_at = Table(
    "duplicates_looked_at",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
)
