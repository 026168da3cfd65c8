"""The ledger of erasures in the workers database."""

from sqlalchemy import Column, Index, Integer, MetaData, Table, Text

from services.kernel.store.types import UtcDateTime


def erasures_table(metadata: MetaData) -> Table:
    """The table, registered in the workers database's metadata. `blind` is contracts/erasures.blind_id; `number_blind` is the
    keyed blind index of the identity number, so that no sheet registers the person again; NULL once the person came back."""
    return Table(
        "erasures",
        metadata,
        Column("blind", Text, primary_key=True),
        Column("number_blind", Text, nullable=True),
        Column("version", Integer, nullable=False),
        Column("reason", Text, nullable=False),
        Column("erased_at", UtcDateTime, nullable=False),
        Column("erased_by", Text, nullable=False),
        Index("erasures_number", "number_blind"),
    )
