"""The access database: what its tables are now. How they came to be is in migrations/."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text

from services.kernel.audit import audit_tables
from services.kernel.store.types import UtcDateTime
from services.kernel.vault import data_keys_table

metadata = MetaData()

accounts = Table(
    "accounts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("scope", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("revoked_at", UtcDateTime, nullable=True),
)

credentials = Table(
    "credentials",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account_id", Text, ForeignKey("accounts.id"), nullable=False),
    Column("digest", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=True),
    Column("revoked_at", UtcDateTime, nullable=True),
    Column("last_used_at", UtcDateTime, nullable=True),
    Index("credentials_account", "account_id"),
    Index("credentials_revoked", "revoked_at"),
)

# Keys that sign tokens: the private half sealed by the vault. A key signs from `signs_from` on, the newest such first, so
# that every process knows it before it is used; it is trusted until its last token is over.
signing_keys = Table(
    "signing_keys",
    metadata,
    Column("kid", Text, primary_key=True),
    Column("private_sealed", LargeBinary, nullable=False),
    Column("public", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("signs_from", UtcDateTime, nullable=False),
    Column("signs_until", UtcDateTime, nullable=True),
)

# What was spent of an allowance in a window of time, by whoever shares it.
spending = Table(
    "spending",
    metadata,
    Column("holder", Text, primary_key=True),
    Column("allowance", Text, primary_key=True),
    Column("begins_s", BigInteger, primary_key=True),
    Column("spent", Integer, nullable=False),
)

audit = audit_tables(metadata)
data_keys = data_keys_table(metadata)
