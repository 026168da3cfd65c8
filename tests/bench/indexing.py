"""The indexer's handler into Elasticsearch, beside a raw `_bulk` of ready-made documents: the same batches, the same server."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import orjson
from elasticsearch import AsyncElasticsearch

from services.kernel.bus import DeadLetter, Done, Message, open_bus
from services.kernel.erasure import ErasureLedger
from services.kernel.index import Generation, Index
from services.kernel.index.elastic import ElasticIndex
from services.kernel.index.elastic_bulk import Item, item
from services.kernel.index.elastic_mapping import body
from services.kernel.text.lexicon import Lexicon
from services.kernel.text.segmenter import Segmenter
from services.matcher.indexer.documents import Collection, schema
from services.matcher.indexer.feed import Feed
from services.matcher.indexer.projector import project
from tests.bench.measuring import Row, awaited, in_turns
from tests.bench.people import messages, workers

PEOPLE, BATCH = 2_000, 500


async def rows(index: Index) -> AsyncIterator[Row]:
    """Documents a second. Each turn writes everybody in a newer version."""
    assert isinstance(index, ElasticIndex)
    segmenter = Segmenter(Lexicon.load())
    kept = schema(Collection.WORKERS, segmenter.lexicon.version)
    mine, raw = await index.create(kept), await index.create(kept)
    nobody = ErasureLedger(open_bus("embedded:///nowhere/bus.db"))  # never read: nobody was erased
    feed = Feed(index, mine, Collection.WORKERS, segmenter, erased=nobody)
    versions = {"ours": 0, "raw": 0}

    async def ours() -> float:
        versions["ours"] += 1
        delivered = messages(workers(PEOPLE, versions["ours"]))
        return await awaited(_fed(feed, [delivered[start : start + BATCH] for start in range(0, PEOPLE, BATCH)]))

    async def bulk() -> float:
        versions["raw"] += 1
        made = [
            project(Collection.WORKERS, record.headers, record.value, segmenter) for record in workers(PEOPLE, versions["raw"])
        ]
        items = [item(place, document, body(kept, document)) for place, document in enumerate(made)]
        batches = [items[start : start + BATCH] for start in range(0, PEOPLE, BATCH)]
        return await awaited(_sent(index._client, raw, batches))

    mine_s, raw_s = await in_turns(ours, bulk)
    for generation in (mine, raw):
        await index.drop(generation)
    ratio = raw_s / mine_s
    yield Row(
        "indexer into Elasticsearch, documents a second",
        f"{PEOPLE / mine_s:,.0f}",
        f"raw _bulk {PEOPLE / raw_s:,.0f}",
        ratio,
        "≥ 0.90",
        ratio >= 0.9,
    )


async def _fed(feed: Feed, batches: Sequence[Sequence[Message]]) -> None:
    """What is put on hold is sent again, as the consumer loop does."""
    for batch in batches:
        left = batch
        while left:
            verdicts = await feed(left)
            assert not any(isinstance(verdict, DeadLetter) for verdict in verdicts), verdicts
            left = [message for message, verdict in zip(left, verdicts, strict=True) if not isinstance(verdict, Done)]


async def _sent(client: AsyncElasticsearch, generation: Generation, batches: Sequence[Sequence[Item]]) -> None:
    for batch in batches:
        lines: Any = [one.lines for one in batch]  # ready-made bytes, which the client's types do not foresee
        answer = await client.bulk(index=generation.name, operations=lines)
        assert not answer["errors"], orjson.dumps(answer.body)[:500]
