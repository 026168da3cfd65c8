"""New generations: built beside the one that serves, swapped under guard, resumed after a crash."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.kernel.bus import Bus, open_bus
from services.kernel.erasure import ErasureLedger
from services.kernel.ids import new_id
from services.kernel.index import Document, Generation, Index, SearchRequest, open_index
from services.kernel.text.segmenter import Segmenter
from services.matcher.indexer import Indexer
from services.matcher.indexer.documents import Collection, schema
from tests.contract.index.elastic_server import delete_indices
from tests.contract.streams import published, running, until
from tests.servers.server import Server
from tests.services.stream_events import worker_changed, worker_gone

EVERYBODY = [f"w_{number:02}" for number in range(20)]


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[Bus]:
    bus = open_bus(f"embedded://{tmp_path}/bus.db")
    yield bus
    await bus.close()


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.real)])
def index_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an index of this test's own."""
    if request.param == "elasticsearch":
        server: Server = request.getfixturevalue("elasticsearch_server")
        prefix = new_id("test").lower()
        yield f"{server.url}?prefix={prefix}"
        delete_indices(server, prefix)
    else:
        yield f"embedded://{tmp_path}/index"


@pytest.fixture
async def index(index_url: str) -> AsyncIterator[Index]:
    index = open_index(index_url)
    yield index
    await index.close()


@pytest.fixture
def other_segmenter(segmenter: Segmenter) -> Segmenter:
    """A segmenter of the next release, with another lexicon."""
    return Segmenter(replace(segmenter.lexicon, version="of the next release"))


def an_indexer(bus: Bus, index: Index, segmenter: Segmenter) -> Indexer:
    return Indexer(bus, index, segmenter, ErasureLedger(bus), look_every_s=0.02)


async def serving(index: Index) -> Generation | None:
    return next((one for one in await index.generations("workers") if one.active), None)


async def served_by_another_than(index: Index, before: Generation | None) -> Generation:
    """Wait for a swap."""
    found: list[Generation] = []

    async def swapped() -> bool:
        now = await serving(index)
        found[:] = [now] if now is not None and now != before else []
        return bool(found)

    await until(swapped)
    return found[0]


async def first_build(bus: Bus, index: Index, segmenter: Segmenter) -> Generation:
    """Everybody is published and searchable; the generation that serves."""
    await published(bus, [worker_changed(id_) for id_ in EVERYBODY])
    async with running(an_indexer(bus, index, segmenter).run):
        built = await served_by_another_than(index, None)
    assert await index.count("workers") == len(EVERYBODY)
    return built


async def test_another_lexicon_is_another_generation(
    bus: Bus, index: Index, segmenter: Segmenter, other_segmenter: Segmenter
) -> None:
    first = await first_build(bus, index, segmenter)
    async with running(an_indexer(bus, index, other_segmenter).run):
        second = await served_by_another_than(index, first)
        assert second.schema_version == schema(Collection.WORKERS, "of the next release").version
        await published(bus, [worker_changed("w_00", 2), worker_gone("w_01", 2)])
        await until(lambda: _count_is(index, 19))
    assert [one.name for one in await index.generations("workers")] == [first.name, second.name]
    assert await index.count("workers", first) == 20  # kept as it was when it was replaced
    async with running(an_indexer(bus, index, segmenter).run):
        third = await served_by_another_than(index, second)
    assert [one.name for one in await index.generations("workers")] == [second.name, third.name]
    assert (await index.get("workers", ["w_00"]))["w_00"].version == 2


async def _count_is(index: Index, count: int) -> bool:
    return await index.count("workers") == count


async def test_a_rebuild_can_be_asked_for(bus: Bus, index: Index, segmenter: Segmenter) -> None:
    first = await first_build(bus, index, segmenter)
    indexer = an_indexer(bus, index, segmenter)
    async with running(indexer.run):
        asked = await indexer.rebuild()
        assert (await served_by_another_than(index, first)).name == asked[Collection.WORKERS].name
    assert await index.count("workers") == len(EVERYBODY)


async def test_a_build_that_a_crash_interrupted_is_finished_not_begun_again(
    bus: Bus, index: Index, segmenter: Segmenter
) -> None:
    first = await first_build(bus, index, segmenter)
    asked = await an_indexer(bus, index, segmenter).rebuild()
    again = await an_indexer(bus, index, segmenter).rebuild()
    assert asked == again
    async with running(an_indexer(bus, index, segmenter).run):
        assert (await served_by_another_than(index, first)).name == asked[Collection.WORKERS].name


@pytest.mark.parametrize(("strangers", "reason"), [(10, "holds 20 documents"), (1, "lacks 1 of 21")])
async def test_a_build_that_lacks_people_does_not_serve(
    bus: Bus, index: Index, segmenter: Segmenter, strangers: int, reason: str
) -> None:
    first = await first_build(bus, index, segmenter)
    # They were in the stream once: the stream has lost them.
    await index.write(first, [Document(f"a_{number}", 1) for number in range(strangers)])
    indexer = an_indexer(bus, index, segmenter)
    workers = indexer.collections[Collection.WORKERS]
    async with running(indexer.run):
        await indexer.rebuild()
        await until(lambda: reason in workers.trouble)
        assert await serving(index) == first
        await published(bus, [worker_changed("w_00", 2)])  # and the serving one is still fed

        async def amended() -> bool:
            return (await index.get("workers", ["w_00"]))["w_00"].version == 2

        await until(amended)
        await index.write(first, [Document(f"a_{number}", 2, tombstone=True) for number in range(strangers)])
        await served_by_another_than(index, first)
        await until(lambda: not workers.trouble)


async def test_no_version_goes_back_across_a_swap_under_writes(bus: Bus, index: Index, segmenter: Segmenter) -> None:
    first = await first_build(bus, index, segmenter)
    indexer = an_indexer(bus, index, segmenter)
    seen: dict[str, int] = dict.fromkeys(EVERYBODY, 0)
    swapped = asyncio.Event()

    async def write() -> None:
        version = 1
        while not swapped.is_set():
            version += 1
            await published(bus, [worker_changed(id_, version) for id_ in EVERYBODY[:5]])
            await asyncio.sleep(0.02)

    async def read() -> None:
        while not swapped.is_set():
            for hit in (await index.search("workers", SearchRequest())).hits:
                assert hit.version >= seen[hit.id]
                seen[hit.id] = hit.version
            await asyncio.sleep(0)

    async with running(indexer.run), asyncio.TaskGroup() as group:
        group.create_task(write())
        group.create_task(read())
        await indexer.rebuild()
        await served_by_another_than(index, first)
        await asyncio.sleep(0.05)
        swapped.set()
    assert all(version >= 1 for version in seen.values())


@pytest.mark.parametrize("index_url", ["embedded"], indirect=True)
async def test_a_damaged_index_is_built_anew(bus: Bus, index: Index, segmenter: Segmenter, tmp_path: Path) -> None:
    first = await first_build(bus, index, segmenter)
    await index.close()
    (tmp_path / "index" / "workers" / first.name / "tantivy" / "meta.json").write_text("{")
    healed = open_index(f"embedded://{tmp_path}/index")
    async with running(an_indexer(bus, healed, segmenter).run):
        await served_by_another_than(healed, first)
    assert await healed.count("workers") == len(EVERYBODY)
    await healed.close()
