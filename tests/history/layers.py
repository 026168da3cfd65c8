"""What each layer of a chain holds of one kind of records, read by our own siblings of store, bus and index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Table, select

from services.contracts.envelope import Envelope
from services.contracts.topics import Topic
from services.jobs import events as posting_events
from services.jobs import repository as postings
from services.jobs import tables as jobs_tables
from services.kernel.bus import Bus, DeadLetters, open_bus
from services.kernel.clock import SystemClock
from services.kernel.index import Document, Hit, Index, open_index
from services.kernel.settings import Settings
from services.kernel.store import Store, open_store
from services.kernel.text.segmenter import Segmenter
from services.kernel.vault.vaults import open_proven
from services.matcher.indexer.documents import Collection
from services.matcher.indexer.generations import TOPIC, group
from services.matcher.indexer.projector import project
from services.workers import events as worker_events
from services.workers import tables as workers_tables
from services.workers.repository import Workers

ALL = 1_000_000

Told = tuple[str, int]
"""A subject at a version."""


@dataclass(frozen=True, slots=True)
class Layers:
    """`rows`: the document that the present row stands for, a tombstone once it is gone. `outbox`: everything it still holds,
    `unpublished` a part of it. `topic`: in order per subject. `index`: what a reader gets. `lag`: messages not yet indexed."""

    rows: Mapping[str, Document]
    outbox: frozenset[Told] = frozenset()
    unpublished: frozenset[Told] = frozenset()
    topic: Sequence[Told] = ()
    dead: frozenset[Told] = frozenset()
    index: Mapping[str, Hit] = field(default_factory=dict)
    lag: int = 0


async def read(settings: Settings, segmenter: Segmenter) -> Mapping[Collection, Layers]:
    """The layers of both collections."""
    bus, index = open_bus(settings.bus_url), open_index(settings.index_url)
    stores = {
        Collection.WORKERS: (open_store(settings.workers_store_url), workers_tables.outbox),
        Collection.POSTINGS: (open_store(settings.jobs_store_url), jobs_tables.outbox),
    }
    found: dict[Collection, Layers] = {}
    try:
        for collection, (store, outbox) in stores.items():
            present = await _present(collection, settings, store)
            rows = {one.subject: project(collection, one.headers(), one.data, segmenter) for one in present}
            kept = await _kept(store, outbox)
            found[collection] = Layers(
                rows=rows,
                outbox=frozenset(kept),
                unpublished=frozenset(told for told, published in kept.items() if not published),
                topic=await _told(bus, TOPIC[collection]),
                dead=await _dead(bus, TOPIC[collection]),
                lag=await _lag(collection, bus, index),
                index=await index.get(collection.value, list(rows)),
            )
    finally:
        for store, _ in stores.values():
            await store.close()
        await bus.close()
        await index.close()
    return found


async def _present(collection: Collection, settings: Settings, store: Store) -> Sequence[Envelope]:
    now = SystemClock().now()
    if collection is Collection.WORKERS:
        workers = Workers(await open_proven(store, workers_tables.data_keys, settings.keys))
        async with store.write() as connection:
            return [worker_events.envelope(one, now) for one in await workers.locked_after(connection, "", ALL)]
    async with store.write() as connection:
        return [posting_events.envelope(one, now) for one in await postings.told_after(connection, "", ALL)]


async def _kept(store: Store, outbox: Table) -> Mapping[Told, bool]:
    """What the outbox still holds → whether it was published; one that was told again counts as long as it waits."""
    async with store.read() as connection:
        rows = await connection.execute(select(outbox.c.key, outbox.c.version, outbox.c.published_at).order_by(outbox.c.id))
        return {(row.key, row.version): row.published_at is not None for row in rows}


async def _dead(bus: Bus, topic: Topic) -> frozenset[Told]:
    letters = [letter for letter in await DeadLetters(bus).list() if letter.topic == topic.name]
    return frozenset(_version_of(letter.key, letter.headers) for letter in letters)


async def _told(bus: Bus, topic: Topic) -> Sequence[Told]:
    return [_version_of(message.key, message.headers) async for message in bus.snapshot([topic])]


async def _lag(collection: Collection, bus: Bus, index: Index) -> int:
    serving = next((one for one in await index.generations(collection.value) if one.active), None)
    if serving is None:
        return ALL
    lag = (await bus.lag([TOPIC[collection]], group(serving)))[TOPIC[collection].name]
    await index.count(collection.value, serving)  # which also shows readers what was written a moment ago
    return lag


def _version_of(key: str, headers: Mapping[str, str]) -> Told:
    return key, int(headers["ce_aggregateversion"])
