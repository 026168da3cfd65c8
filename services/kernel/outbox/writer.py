"""Writing to the outbox, in the caller's transaction."""

from dataclasses import replace

from sqlalchemy import Table, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.envelope import Envelope
from services.contracts.topics import Topic
from services.kernel import trace


async def append(connection: AsyncConnection, table: Table, topic: Topic, *envelopes: Envelope) -> None:
    """Keep the events for the relay; they are told if and only if the caller's transaction commits.

    An event without a `traceparent` of its own carries that of the work under way.
    """
    if not envelopes:
        return
    traced = [replace(one, traceparent=one.traceparent or trace.traceparent()) for one in envelopes]
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
        for envelope in traced
    ]
    await connection.execute(insert(table), rows)


async def unpublished(connection: AsyncConnection, table: Table) -> int:
    """How many events wait for the relay: the lag of the hop from the database to the bus."""
    waiting = select(func.count()).select_from(table).where(table.c.published_at.is_(None))
    return int(await connection.scalar(waiting) or 0)
