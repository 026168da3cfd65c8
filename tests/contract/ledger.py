"""The tables of the contract tests' database (migrations/versions/0001_ledger.py), and events about them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Column, Integer, MetaData, Table, Text

from services.contracts.envelope import Envelope
from services.kernel.audit import audit_tables
from services.kernel.ids import new_id
from services.kernel.outbox import outbox_table
from services.kernel.vault import data_keys_table

MIGRATIONS: Final = Path(__file__).with_name("migrations")
METADATA: Final = MetaData()
LEDGER: Final = Table(
    "ledger",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("note", Text, nullable=False, unique=True),
    Column("amount", Integer, nullable=False, server_default="0"),
)
OUTBOX: Final = outbox_table(METADATA)
AUDIT: Final = audit_tables(METADATA)
DATA_KEYS: Final = data_keys_table(METADATA)


def event(subject: str, version: int = 1, data: bytes | None = b"{}", traceparent: str | None = None) -> Envelope:
    return Envelope(
        id=new_id("evt"),
        type="cn.yungong.test.changed.v1",
        source="/tests",
        subject=subject,
        version=version,
        time=datetime(2026, 3, 1, tzinfo=UTC),
        data=data,
        traceparent=traceparent,
    )
