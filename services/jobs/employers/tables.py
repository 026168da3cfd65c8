"""Employers, and their contacts sealed."""

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from services.jobs.tables import metadata
from services.kernel.store.types import UtcDateTime

employers = Table(
    "employers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("uscc", Text, nullable=True),
    Column("kind", Text, nullable=True),
    Column("division_code", Text, nullable=True),
    Column("licence_number", Text, nullable=True),
    Column("licence_expires", Date, nullable=True),
    Column("agency_id", Text, ForeignKey("employers.id"), nullable=True),
    Column("sandbox", Boolean, nullable=False),
    Column("verified_at", UtcDateTime, nullable=True),
    Column("verified_by", Text, nullable=True),
    Column("verified_documents", JSON, nullable=False),
    Column("standing", Text, nullable=False),
    Column("standing_since", UtcDateTime, nullable=False),
    Column("standing_reason_code", Text, nullable=False),
    Column("standing_reason", Text, nullable=False),
    Column("blacklisted_until", Date, nullable=True),
    Column("blacklist_reason", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("key", name="employers_key"),
    UniqueConstraint("uscc", name="employers_uscc"),
    Index("employers_blacklisted_until", "blacklisted_until"),
)

employer_contacts = Table(
    "employer_contacts",
    metadata,
    Column("employer_id", Text, ForeignKey("employers.id"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
