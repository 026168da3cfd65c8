"""The tables of households."""

from dataclasses import dataclass

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

from services.kernel.store.types import UtcDateTime


@dataclass(frozen=True, slots=True)
class HouseholdTables:
    """`households`: one row each; `members`: one row for each member, all that is held of them in it, so that who is erased is
    a row deleted. A worker is linked to one household at most."""

    households: Table
    members: Table


def household_tables(metadata: MetaData) -> HouseholdTables:
    """The tables, registered in the workers database's metadata. Names, birth years, village and new home are sealed under a
    data key of the household's own."""
    households = Table(
        "households",
        metadata,
        Column("id", Text, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("code", Text, nullable=False),
        Column("county_code", Text, nullable=False),
        Column("township", Text, nullable=False),
        Column("places_sealed", LargeBinary, nullable=False),
        Column("relocated", Boolean, nullable=True),
        Column("categories", JSON, nullable=False),
        Column("category", Text, nullable=True),
        Column("risk", Text, nullable=True),
        Column("changed_at", UtcDateTime, nullable=False),
        Column("changed_by", Text, nullable=False),
        UniqueConstraint("county_code", "code", name="households_code"),
        Index("households_place", "county_code", "township"),
    )
    members = Table(
        "household_members",
        metadata,
        Column("household_id", Text, ForeignKey("households.id"), primary_key=True),
        Column("position", Integer, primary_key=True, autoincrement=False),
        Column("worker_id", Text, ForeignKey("workers.id"), nullable=True),
        Column("person_sealed", LargeBinary, nullable=False),
        Column("relation", Text, nullable=False),
        Column("able", Boolean, nullable=True),
        Column("at_work", Boolean, nullable=True),
        UniqueConstraint("worker_id", name="household_members_worker"),
    )
    return HouseholdTables(households, members)
