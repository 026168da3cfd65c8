"""The tables of following up."""

from dataclasses import dataclass

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text

from services.kernel.store.types import UtcDateTime


@dataclass(frozen=True, slots=True)
class FollowUpTables:
    """`followups`: one row for who was ever assigned or contacted. `contacts` and `assignments`: what happened, in order."""

    followups: Table
    contacts: Table
    assignments: Table


def followup_tables(metadata: MetaData) -> FollowUpTables:
    """The tables, registered in the workers database's metadata."""
    followups = Table(
        "followups",
        metadata,
        Column("worker_id", Text, ForeignKey("workers.id"), primary_key=True),
        Column("status", Text, nullable=False),
        Column("cadre_id", Text, ForeignKey("cadres.id"), nullable=True),
        Column("last_contact_on", Date, nullable=True),
        Column("next_on", Date, nullable=True),
        Column("misses", Integer, nullable=False),
        Index("followups_due", "next_on"),
        Index("followups_cadre", "cadre_id"),
    )
    contacts = Table(
        "contacts",
        metadata,
        Column("id", Text, primary_key=True),
        Column("worker_id", Text, ForeignKey("workers.id"), nullable=False),
        Column("on_day", Date, nullable=False),
        Column("channel", Text, nullable=False),
        Column("outcome", Text, nullable=False),
        # What was said tells of health and family: sealed under the person's key.
        Column("note_sealed", LargeBinary, nullable=True),
        Column("next_on", Date, nullable=True),
        Column("made_by", Text, nullable=False),
        Column("recorded_by", Text, nullable=False),
        Column("recorded_at", UtcDateTime, nullable=False),
        Index("contacts_worker", "worker_id", "on_day"),
    )
    assignments = Table(
        "assignments",
        metadata,
        Column("id", Text, primary_key=True),
        Column("worker_id", Text, ForeignKey("workers.id"), nullable=False),
        Column("cadre_id", Text, nullable=True),
        Column("assigned_at", UtcDateTime, nullable=False),
        Column("assigned_by", Text, nullable=False),
        Index("assignments_worker", "worker_id"),
    )
    return FollowUpTables(followups, contacts, assignments)
