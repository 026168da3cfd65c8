"""Everything in this database that is about one person: to destroy it, and to prove that it is gone.

A table that holds people and is not named here keeps tests/architecture/test_personal_tables.py from passing.
"""

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import ColumnElement, Table, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.workers import tables

About = Callable[[str], ColumnElement[bool]]

_BY_WORKER_ID: Final = (
    tables.consents,
    tables.followup.contacts,
    tables.followup.assignments,
    tables.followup.followups,
    tables.training.enrolments,
    tables.household.members,
)


def _of_worker(table: Table) -> About:
    return lambda worker_id: table.c.worker_id == worker_id


def _either(table: Table, one: str, other: str) -> About:
    return lambda worker_id: or_(table.c[one] == worker_id, table.c[other] == worker_id)


PERSONAL: Final[Mapping[Table, About]] = {
    # In the order in which rows can be deleted: what refers to a worker goes first.
    **{table: _of_worker(table) for table in _BY_WORKER_ID},
    tables.duplicates.merges: _either(tables.duplicates.merges, "kept_id", "absorbed_id"),
    tables.duplicates.different: _either(tables.duplicates.different, "one_id", "other_id"),
    tables.worker_versions: lambda worker_id: tables.worker_versions.c.id == worker_id,
    tables.imports.differences: lambda worker_id: tables.imports.differences.c.subject == worker_id,
    tables.workers: lambda worker_id: tables.workers.c.id == worker_id,
    # Events that wait for the stream or were told not long ago; the tombstone, without a value, is nobody's data.
    tables.outbox: lambda worker_id: (tables.outbox.c.aggregate_id == worker_id) & tables.outbox.c.value.is_not(None),
    # Stored answers show the record, masked; they name its address.
    tables.idempotency: lambda worker_id: tables.idempotency.c.headers.contains(f"/v1/workers/{worker_id}", autoescape=True),
    tables.data_keys: lambda worker_id: tables.data_keys.c.owner == worker_id,
}
"""Table -> its rows about a worker."""

IMPERSONAL: Final = frozenset(
    {
        # Digests and names of fields only:
        tables.audit.rows,
        tables.audit.head,
        tables.erasures,
        # Sheets as they were sent, sealed under the service's key until they lapse; they belong to no record.
        tables.imports.imports,
        tables.imports.files,
        tables.imports.findings,
        tables.imports.rejects,
        tables.imports.templates,
        # Courses and brands; cadres are the bureau's own people, under data keys of their own.
        tables.training.courses,
        tables.brands,
        tables.cadres,
        # A household is its other members' too, under a data key of its own; who is erased is struck from its roster.
        tables.household.households,
    }
)


async def destroy(connection: AsyncConnection, worker_id: str) -> None:
    """Delete every row about a person, the data key last: it shreds what backups still hold."""
    for table, about in PERSONAL.items():
        await connection.execute(delete(table).where(about(worker_id)))


async def count(connection: AsyncConnection, worker_id: str) -> Mapping[str, int]:
    """Table's name -> rows about the person that are still there."""
    found = {}
    for table, about in PERSONAL.items():
        found[table.name] = int(await connection.scalar(select(func.count()).select_from(table).where(about(worker_id))) or 0)
    return found
