"""The workers database: what its tables are now. How they came to be is in migrations/."""

from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from services.kernel.audit import audit_tables
from services.kernel.http.idempotency import idempotency_table
from services.kernel.imports.tables import import_tables
from services.kernel.outbox import outbox_table
from services.kernel.store.types import UtcDateTime
from services.kernel.vault import data_keys_table
from services.workers.brands.tables import brands_table
from services.workers.cadres.tables import cadres_table
from services.workers.consents.tables import consents_table
from services.workers.duplicates.tables import duplicate_tables
from services.workers.erasures.tables import erasures_table
from services.workers.followups.tables import followup_tables
from services.workers.households.tables import household_tables
from services.workers.training.tables import training_tables

metadata = MetaData()


def _record() -> list[Column[Any]]:
    """The columns of one version of a worker's record."""
    return [
        Column("id", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("state", Text, nullable=False),
        # The identifiers, sealed by the vault; blind indexes to find and to keep unique what nobody can read.
        Column("name_sealed", LargeBinary, nullable=False),
        Column("identity_number_sealed", LargeBinary, nullable=False),
        Column("identity_number_blind", Text, nullable=False),
        Column("phone_sealed", LargeBinary, nullable=True),
        Column("phone_blind", Text, nullable=True),
        # Name, birth date and county together: equal for who is likely the same person.
        Column("likeness_blind", Text, nullable=True),
        # Own words tell of health, children and other people by name: sealed too, one JSON document.
        Column("words_sealed", LargeBinary, nullable=False),
        # What was stated in structure, another sealed JSON document; NULL where nothing was.
        Column("stated_sealed", LargeBinary, nullable=True),
        # Sex and ethnicity are for statistics only and never told to another service.
        Column("sex", Text, nullable=False),
        Column("ethnicity", Text, nullable=True),
        Column("birth_date", Date, nullable=False),
        Column("number", Text, nullable=False),
        Column("county_code", Text, nullable=False),
        Column("township", Text, nullable=False),
        Column("household_category", Text, nullable=True),
        Column("relocated", Boolean, nullable=True),
        Column("education", Text, nullable=True),
        Column("mandarin", Text, nullable=True),
        Column("employment_status", Text, nullable=True),
        Column("willingness", Text, nullable=True),
        Column("intention_confirmed_on", Date, nullable=True),
        Column("intention_channel", Text, nullable=True),
        Column("intention_asked_by", Text, nullable=True),
        Column("travel_group_id", Text, nullable=True),
        Column("travel_group", JSON(none_as_null=True), nullable=True),
        # Worked out from the record when it is written, to be counted and listed without opening anything:
        Column("destination", Text, nullable=True),
        Column("missing", Integer, nullable=False),
        Column("certificates_until", Date, nullable=True),
        Column("papers", Text, nullable=False, server_default=""),
        Column("basis", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("imported_digest", Text, nullable=True),
        Column("registered_at", UtcDateTime, nullable=False),
        Column("changed_at", UtcDateTime, nullable=False),
        Column("changed_by", Text, nullable=False),
        Column("withdrawn_at", UtcDateTime, nullable=True),
        Column("withdrawal_reason", Text, nullable=False),
    ]


workers = Table(
    "workers",
    metadata,
    *_record(),
    PrimaryKeyConstraint("id"),
    UniqueConstraint("identity_number_blind", name="workers_identity_number"),
    Index("workers_phone", "phone_blind"),
    Index("workers_likeness", "likeness_blind"),
    Index("workers_number", "number"),
    Index("workers_county", "county_code"),
    Index("workers_travel_group", "travel_group_id"),
)

worker_versions = Table(
    "worker_versions",
    metadata,
    *_record(),
    Column("superseded_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("id", "version"),
)
"""The versions that were: rows of `workers` as they stood, ciphertexts and all, until `superseded_at`."""

consents = consents_table(metadata)
training = training_tables(metadata)
brands = brands_table(metadata)
duplicates = duplicate_tables(metadata)
erasures = erasures_table(metadata)
outbox = outbox_table(metadata)
idempotency = idempotency_table(metadata)
audit = audit_tables(metadata)
imports = import_tables(metadata)
data_keys = data_keys_table(metadata)
cadres = cadres_table(metadata)
followup = followup_tables(metadata)
household = household_tables(metadata)
