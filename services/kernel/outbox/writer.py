"""Writing to the outbox, in the caller's transaction."""

from sqlalchemy import Table, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.envelope import Envelope
from services.contracts.topics import Topic


async def append(connection: AsyncConnection, table: Table, topic: Topic, *envelopes: Envelope) -> None:
    """Keep the events for the relay; they are told if and only if the caller's transaction commits."""
    if not envelopes:
        return
    rows = [
        {
            "aggregate_id": envelope.subject,
            "version": envelope.version,
            "topic": topic.name,
            "key": envelope.subject,
            "headers": envelope.headers(),
            "value": envelope.data,
            "traceparent": envelope.traceparent,
            "created_at": envelope.time,
        }
        for envelope in envelopes
    ]
    await connection.execute(insert(table), rows)


async def unpublished(connection: AsyncConnection, table: Table) -> int:
    """How many events wait for the relay: the lag of the hop from the database to the bus."""
    waiting = select(func.count()).select_from(table).where(table.c.published_at.is_(None))
    return int(await connection.scalar(waiting) or 0)
