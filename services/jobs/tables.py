"""The jobs database: what its tables are now. How they came to be is in migrations/; features keep theirs in their folder."""

from sqlalchemy import JSON, Boolean, Column, Date, Float, Index, Integer, MetaData, Table, Text, UniqueConstraint

from services.kernel.audit import audit_tables
from services.kernel.http.idempotency import idempotency_table
from services.kernel.imports.tables import import_tables
from services.kernel.outbox import outbox_table
from services.kernel.store.types import UtcDateTime
from services.kernel.vault import data_keys_table

metadata = MetaData()

postings = Table(
    "postings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("status_since", UtcDateTime, nullable=False),
    Column("reason_code", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("priority_until", Date, nullable=True),
    Column("published_on", Date, nullable=True),
    Column("hidden", Boolean, nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("duplicate_of", Text, nullable=True),
    Column("findings", JSON, nullable=False),
    Column("employer_id", Text, nullable=True),
    Column("external_reference", Text, nullable=True),
    Column("employer_name", Text, nullable=False),
    Column("employer_key", Text, nullable=False),
    # What the row of a sheet is known by: its number, or a hash of it; null for a posting that has no number and came by API.
    Column("known_by", Text, nullable=True),
    Column("number", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("occupation_id", Text, nullable=True),
    Column("employer_kind", Text, nullable=True),
    Column("employer_kind_text", Text, nullable=False),
    Column("province_code", Text, nullable=False),
    Column("city_code", Text, nullable=True),
    Column("district_code", Text, nullable=True),
    Column("place", Text, nullable=False),
    Column("latitude", Float, nullable=True),
    Column("longitude", Float, nullable=True),
    Column("headcount", Integer, nullable=False),
    Column("pay_min", Float, nullable=True),
    Column("pay_max", Float, nullable=True),
    Column("valid_until", Date, nullable=True),
    Column("source", Text, nullable=True),
    Column("source_text", Text, nullable=False),
    Column("cooperation", JSON, nullable=True),
    Column("terms", JSON, nullable=False),
    Column("words", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("imported_digest", Text, nullable=True),
    UniqueConstraint("employer_key", "known_by", name="postings_employer_known_by"),
    Index("postings_number", "number"),
    Index("postings_place", "province_code", "city_code", "district_code"),
    Index("postings_employer_id", "employer_id"),
    Index("postings_external_reference", "employer_id", "external_reference", unique=True),
    Index("postings_ends", "status", "valid_until"),
)

outbox = outbox_table(metadata)
idempotency = idempotency_table(metadata)
audit = audit_tables(metadata)
imports = import_tables(metadata)
data_keys = data_keys_table(metadata)
