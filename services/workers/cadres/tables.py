"""The table of cadres."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text


def cadres_table(metadata: MetaData) -> Table:
    """The table, registered in the workers database's metadata. Name and phone: sealed under a data key of the cadre's own."""
    return Table(
        "cadres",
        metadata,
        Column("id", Text, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("name_sealed", LargeBinary, nullable=False),
        Column("phone_sealed", LargeBinary, nullable=False),
        Column("post", Text, nullable=False),
        Column("county_code", Text, nullable=False),
        Column("township", Text, nullable=False),
        Column("principal", Text, nullable=False),
        Column("active", Boolean, nullable=False),
        Index("cadres_county", "county_code", "township"),
    )
