"""What the relay asks of the outbox table: all its SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.topics import TOPICS, Topic
from services.kernel.bus.port import Record

_BY_NAME = {topic.name: topic for topic in TOPICS}


@dataclass(frozen=True, slots=True)
class Waiting:
    """An outbox row that is not published yet."""

    id: int
    record: Record


async def waiting(connection: AsyncConnection, table: Table, limit: int) -> Sequence[Waiting]:
    """The oldest unpublished rows. Not "ids after a cursor": the id of a transaction that commits late lies behind it."""
    statement = (
        select(table.c.id, table.c.topic, table.c.key, table.c.headers, table.c.value)
        .where(table.c.published_at.is_(None))
        .order_by(table.c.id)
        .limit(limit)
    )
    return [
        Waiting(row.id, Record(_topic(row.topic), row.key, row.value, row.headers))
        for row in await connection.execute(statement)
    ]


def _topic(name: str) -> Topic:
    # A topic that was since renamed still takes what was decided under its old name.
    return _BY_NAME.get(name) or Topic(name, partitions=1)


async def mark_published(connection: AsyncConnection, table: Table, ids: Sequence[int], at: datetime) -> None:
    await connection.execute(update(table).where(table.c.id.in_(ids)).values(published_at=at))


async def purge_published(connection: AsyncConnection, table: Table, before: datetime, limit: int) -> int:
    """Forget up to `limit` rows that were published before that moment; how many were forgotten."""
    old = select(table.c.id).where(table.c.published_at < before).order_by(table.c.id).limit(limit)
    result = await connection.execute(delete(table).where(table.c.id.in_(old.scalar_subquery())))
    return result.rowcount
