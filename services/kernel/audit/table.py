"""The audit's tables: the rows, and the head of their chain. The same two in the database of every service."""

from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, MetaData, Table, Text

from services.kernel.store.types import UtcDateTime

_ROWS: Final = "audit"
_HEAD: Final = "audit_head"
_SUBJECT: Final = ("ix_audit_subject", ["subject", "at"])


@dataclass(frozen=True, slots=True)
class AuditTables:
    """`rows`: one a deed, positions without a gap. `head`: one row, the last position and its digest; whoever appends holds it
    locked until commit, so that the chain has one order whoever writes at the same time."""

    rows: Table
    head: Table


def _row_columns() -> list[Column[Any]]:
    return [
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        Column("at", UtcDateTime, nullable=False),
        Column("actor", Text, nullable=False),
        Column("actor_kind", Text, nullable=False),
        Column("scope", Text, nullable=False),
        Column("request_id", Text, nullable=False),
        Column("deed", Text, nullable=False),
        Column("purpose", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("fields", JSON, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("digest", Text, nullable=False),
    ]


def _head_columns() -> list[Column[Any]]:
    return [
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("position", BigInteger, nullable=False),
        Column("digest", Text, nullable=False),
    ]


def audit_tables(metadata: MetaData) -> AuditTables:
    """The tables, registered in a service's metadata."""
    rows = Table(_ROWS, metadata, *_row_columns())
    name, columns = _SUBJECT
    Index(name, *(rows.c[column] for column in columns))
    return AuditTables(rows, Table(_HEAD, metadata, *_head_columns()))


def create_audit(op: ModuleType) -> None:
    """Make the tables in one of a service's revisions: `create_audit(op)` with Alembic's `op`."""
    op.create_table(_ROWS, *_row_columns())
    name, columns = _SUBJECT
    op.create_index(name, _ROWS, columns)
    head = op.create_table(_HEAD, *_head_columns())
    op.bulk_insert(head, [{"id": 1, "position": 0, "digest": ""}])


def drop_audit(op: ModuleType) -> None:
    """Take them away again."""
    op.drop_table(_HEAD)
    op.drop_table(_ROWS)
