"""A request to the matcher, beside the searches that it makes of the index: the same bodies, the same client."""

import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

from services.kernel.bus import open_bus
from services.kernel.clock import FixedClock
from services.kernel.http.application import create_application
from services.kernel.http.local_credential import LocalCredential
from services.kernel.index import Document, Generation, Index, SearchRequest, WriteOutcome
from services.kernel.index.elastic import ElasticIndex
from services.kernel.index.elastic_query import search_body
from services.kernel.index.embedded import EmbeddedIndex
from services.kernel.text.lexicon import Lexicon
from services.kernel.text.segmenter import Segmenter
from services.matcher import app
from services.matcher.indexer.documents import Collection, schema
from services.matcher.indexer.projector import project
from services.matcher.ranking import documents, retrieval
from tests.bench.measuring import Row, awaited, milliseconds, p99
from tests.bench.people import postings, workers
from tests.builders import TODAY, serving, settings

PEOPLE, TURNS, BATCH, WITHIN_S = 5_000, 5, 500, 45.0

Asked = tuple[str, Sequence[SearchRequest]]
"""An opening, and the searches that its request makes."""


async def rows(index: Index, backend: str, goals: tuple[float, float]) -> AsyncIterator[Row]:
    """p50 and p99 of `GET /v1/postings/{id}/candidates` over all openings, several times within 45 s; `goals`: the most of each
    ratio."""
    segmenter = Segmenter(Lexicon.load())
    built = await _filled(index, segmenter)
    asked = await _asked(index, segmenter)
    raw = _raw(index, built[Collection.WORKERS])
    requests: list[float] = []
    searches: list[float] = []
    async with _interface(index) as get:
        ends = time.monotonic() + WITHIN_S
        for posting, wanted in asked * TURNS:
            searches.append(await awaited(raw(wanted)))
            requests.append(await awaited(get(posting)))
            if time.monotonic() > ends:
                break
    for name, most, of in (("p50", goals[0], median), ("p99", goals[1], p99)):
        mine, bare = of(requests), of(searches)
        yield Row(
            f"{backend}: candidates of {PEOPLE:,} people, {name}",
            milliseconds(mine),
            f"its raw searches {milliseconds(bare)}",
            mine / bare,
            f"≤ {most:.2f}",
            mine / bare <= most,
        )


async def _filled(index: Index, segmenter: Segmenter) -> dict[Collection, Generation]:
    built = {}
    for collection, records in ((Collection.WORKERS, workers(PEOPLE)), (Collection.POSTINGS, postings())):
        built[collection] = generation = await index.create(schema(collection, segmenter.lexicon.version))
        made: list[Document] = [project(collection, record.headers, record.value, segmenter) for record in records]
        for start in range(0, len(made), BATCH):
            results = await index.write(generation, made[start : start + BATCH], refresh=True)
            assert {result.outcome for result in results} == {WriteOutcome.DONE}
        await index.activate(generation)
    return built


async def _asked(index: Index, segmenter: Segmenter) -> list[Asked]:
    found = await index.get(Collection.POSTINGS.value, [record.key for record in postings()])
    asked: list[Asked] = []
    for posting, hit in found.items():
        opening = documents.opening(hit)
        tokens = documents.posting_tokens(opening, segmenter)
        asked.append((posting, retrieval.workers_for(opening, tokens, TODAY)))
    return asked


def _raw(index: Index, generation: Generation) -> Callable[[Sequence[SearchRequest]], Awaitable[None]]:
    if isinstance(index, ElasticIndex):
        return lambda wanted: _searched(index, generation, wanted)
    assert isinstance(index, EmbeddedIndex)
    return lambda wanted: _tantivy(index, generation, wanted)


async def _searched(index: ElasticIndex, generation: Generation, wanted: Sequence[SearchRequest]) -> None:
    kept = await index._schema(generation.name)
    for request in wanted:
        await index._client.search(index=generation.name, **search_body(kept, request))


async def _tantivy(index: EmbeddedIndex, generation: Generation, wanted: Sequence[SearchRequest]) -> None:
    """The scored query alone, to the same depth: neither ties, nor documents, nor threads."""
    build = index._build(generation.collection, generation.name)
    searcher = build._index.searcher()
    compiler = build._compiler(searcher)
    for request in wanted:
        searcher.search(compiler.live(request.filter, compiler.scored(request)), request.size)


@asynccontextmanager
async def _interface(index: Index) -> AsyncIterator[Callable[[str], Awaitable[object]]]:
    with tempfile.TemporaryDirectory() as folder:
        made = settings(Path(folder))
        bus = open_bus(made.bus_url)
        application = create_application(
            title="bench",
            parts=[app.part(made, index, bus, FixedClock(TODAY))],
            authenticator=LocalCredential.ensure(made.data),
        )
        async with serving(application, made.data) as http:

            async def get(posting: str) -> None:
                answer = await http.get(f"/v1/postings/{posting}/candidates")
                assert answer.status_code == 200, answer.text

            yield get
        await bus.close()
