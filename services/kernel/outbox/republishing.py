"""Telling everything again, for a bus that lost what it was told: the present versions go through the outbox once more.

The versions are those that the records have: an index that knows them already takes the event as known, one that is built
anew takes it as the record. Nobody's version changes.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.envelope import Envelope
from services.contracts.topics import Topic
from services.kernel.outbox.writer import append
from services.kernel.store.port import Store

BATCH: Final = 500

Present = Callable[[AsyncConnection, str, int], Awaitable[Sequence[Envelope]]]
"""What tells the present versions of up to so many aggregates after this id, in the order of ids, those that are gone among
them. Their rows must be locked until the transaction ends: else an event of an older version could follow a newer one's."""


async def republish(store: Store, table: Table, topic: Topic, present: Present, told: Callable[[int], None]) -> int:
    """Put everything into the outbox once more, in batches of a transaction each; how many events. `told` hears the number so
    far. May be broken off and begun again. Raises StoreUnavailable."""
    after, count = "", 0
    while True:
        async with store.write() as connection:
            envelopes = await present(connection, after, BATCH)
            await append(connection, table, topic, *envelopes)
        if not envelopes:
            return count
        after = envelopes[-1].subject
        count += len(envelopes)
        told(count)
