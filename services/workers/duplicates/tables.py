"""The tables of likely duplicates. Neither holds anything of a person but the records' ids."""

from dataclasses import dataclass

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, PrimaryKeyConstraint, Table, Text

from services.kernel.store.types import UtcDateTime


@dataclass(frozen=True, slots=True)
class DuplicateTables:
    """`merges`: what was merged, and parted again. `different`: pairs that somebody looked at and found to be two people."""

    merges: Table
    different: Table


def duplicate_tables(metadata: MetaData) -> DuplicateTables:
    """The tables, registered in the workers database's metadata."""
    merges = Table(
        "worker_merges",
        metadata,
        Column("id", Text, primary_key=True),
        Column("kept_id", Text, ForeignKey("workers.id"), nullable=False),
        Column("before", Integer, nullable=False),
        Column("after", Integer, nullable=False),
        Column("absorbed_id", Text, ForeignKey("workers.id"), nullable=False),
        Column("merged_at", UtcDateTime, nullable=False),
        Column("merged_by", Text, nullable=False),
        Column("undone_at", UtcDateTime, nullable=True),
        Index("worker_merges_kept", "kept_id"),
        Index("worker_merges_absorbed", "absorbed_id"),
    )
    different = Table(
        "different_people",
        metadata,
        Column("one_id", Text, ForeignKey("workers.id"), nullable=False),
        Column("other_id", Text, ForeignKey("workers.id"), nullable=False),
        Column("said_by", Text, nullable=False),
        Column("said_at", UtcDateTime, nullable=False),
        PrimaryKeyConstraint("one_id", "other_id"),
    )
    return DuplicateTables(merges, different)
