"""The history of postings: one row a version."""

from sqlalchemy import JSON, Column, ForeignKey, Integer, Table, Text

from services.jobs.tables import metadata
from services.kernel.store.types import UtcDateTime

posting_history = Table(
    "posting_history",
    metadata,
    Column("posting_id", Text, ForeignKey("postings.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("before", Text, nullable=True),
    Column("status", Text, nullable=False),
    Column("reason_code", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("changed", JSON, nullable=False),
)
