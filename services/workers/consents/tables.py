"""The table of declarations."""

from sqlalchemy import Column, Date, ForeignKey, Index, LargeBinary, MetaData, Table, Text

from services.kernel.store.types import UtcDateTime


def consents_table(metadata: MetaData) -> Table:
    """The table, registered in the workers database's metadata."""
    return Table(
        "consents",
        metadata,
        Column("id", Text, primary_key=True),
        Column("worker_id", Text, ForeignKey("workers.id"), nullable=False),
        Column("what", Text, nullable=False),
        Column("employer_id", Text, nullable=True),
        Column("given_on", Date, nullable=False),
        Column("how", Text, nullable=False),
        # Where the signed paper lies, or what was said: may name people, so it is sealed under the person's key.
        Column("evidence_sealed", LargeBinary, nullable=True),
        Column("recorded_at", UtcDateTime, nullable=False),
        Column("recorded_by", Text, nullable=False),
        Column("withdrawn_at", UtcDateTime, nullable=True),
        Column("withdrawn_how", Text, nullable=True),
        Index("consents_worker", "worker_id"),
        Index("consents_employer", "employer_id"),
    )
