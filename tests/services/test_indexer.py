"""The indexer on the embedded bus and index: from the stream to what a search finds."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.contracts.topics import JOB_POSTINGS, WORKER_PROFILES
from services.kernel.bus import Bus, DeadLetter, DeadLetters, Done, Hold, Message, Partition, Record, open_bus
from services.kernel.erasure import ErasureLedger
from services.kernel.index import FieldKind, Index, Match, Schema, SearchRequest, Term, open_index
from services.kernel.text.segmenter import Scope, Segmenter
from services.matcher.indexer import Indexer, status
from services.matcher.indexer.documents import Collection, schema
from services.matcher.indexer.feed import Feed
from tests.contract.streams import published, running, until
from tests.services.stream_events import posting_changed, posting_gone, worker_changed, worker_gone


@pytest.fixture
async def bus(tmp_path: Path) -> AsyncIterator[Bus]:
    bus = open_bus(f"embedded://{tmp_path}/bus.db")
    yield bus
    await bus.close()


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[Index]:
    index = open_index(f"embedded://{tmp_path}/index")
    yield index
    await index.close()


@pytest.fixture
def indexer(bus: Bus, index: Index, segmenter: Segmenter) -> Indexer:
    return Indexer(bus, index, segmenter, ErasureLedger(bus), look_every_s=0.02)


async def caught_up(bus: Bus, index: Index, segmenter: Segmenter) -> None:
    """Wait until everything that was published is searchable."""

    async def nothing_under_way() -> bool:
        found = await status.read(index, bus, segmenter.lexicon.version)
        return not any(found.lag.values()) and all(one.current for one in found.collections.values())

    await until(nothing_under_way)


async def versions(index: Index, collection: str) -> dict[str, int]:
    """id -> version of what a search finds."""
    return {hit.id: hit.version for hit in (await index.search(collection, SearchRequest())).hits}


async def test_what_is_published_is_found(bus: Bus, index: Index, indexer: Indexer, segmenter: Segmenter) -> None:
    async with running(indexer.run):
        await published(
            bus, [worker_changed("w_1"), worker_changed("w_2", words={"intention_occupations": "保安"}, basis=None)]
        )
        await published(bus, [posting_changed("p_1")])
        await caught_up(bus, index, segmenter)
        found = await status.read(index, bus, segmenter.lexicon.version)
    assert {name.value: one.documents for name, one in found.collections.items()} == {"workers": 2, "postings": 1}
    assert found.lag == {WORKER_PROFILES.name: 0, JOB_POSTINGS.name: 0}
    assert await versions(index, "postings") == {"p_1": 1}
    guards = Match({"intention": 1.0}, dict.fromkeys(segmenter.query_tokens("门卫"), 1.0))
    assert [hit.id for hit in (await index.search("workers", SearchRequest(match=guards))).hits] == ["w_2"]
    assert (await index.search("workers", SearchRequest(Term("visible", [True]), guards))).hits == []
    assert await indexer.ready() == {"index_workers": "", "index_postings": ""}


async def test_before_anything_ran_everything_is_behind(bus: Bus, index: Index, segmenter: Segmenter) -> None:
    await published(bus, [worker_changed("w_1")])
    found = await status.read(index, bus, segmenter.lexicon.version)
    workers = found.collections[Collection.WORKERS]
    assert (workers.documents, workers.generation, workers.current, workers.lag) == (0, "", False, 1)


async def test_the_newest_version_wins_and_who_is_gone_stays_gone(
    bus: Bus, index: Index, indexer: Indexer, segmenter: Segmenter
) -> None:
    history = [worker_changed(f"w_{number}", version) for number in range(4) for version in range(1, 6)]
    history += [worker_gone("w_0", 6), worker_gone("w_1", 3), posting_changed("p_0", 1), posting_gone("p_0", 2)]
    shuffled = history * 2
    random.Random(7).shuffle(shuffled)  # noqa: S311 - no secret, the same order each time
    async with running(indexer.run):
        await published(bus, shuffled)
        await caught_up(bus, index, segmenter)
    assert await versions(index, "workers") == {"w_1": 5, "w_2": 5, "w_3": 5}
    assert await versions(index, "postings") == {}


async def test_poison_is_put_aside_and_the_rest_flows(bus: Bus, index: Index, indexer: Indexer, segmenter: Segmenter) -> None:
    good = worker_changed("w_1")
    poison = [
        Record(good.topic, "bad-json", b"{", {**good.headers, "ce_subject": "bad-json"}),
        Record(good.topic, "bad-type", good.value, {**good.headers, "ce_type": "cn.yungong.worker.sung.v1"}),
        Record(good.topic, "no-headers", good.value),
        Record(good.topic, "big", (good.value or b"").replace("上海".encode(), b"x" * 2_000_000), good.headers),
    ]
    async with running(indexer.run):
        await published(bus, [worker_changed("w_0"), *poison, good])
        await caught_up(bus, index, segmenter)
    assert set(await versions(index, "workers")) == {"w_0", "w_1"}
    reasons = {letter.key: letter.reason for letter in await DeadLetters(bus).list()}
    assert set(reasons) == {record.key for record in poison}
    assert "json_invalid" in reasons["bad-json"]
    assert "unknown type" in reasons["bad-type"]
    assert "too_long" in reasons["big"]


async def test_a_restart_goes_on_where_it_was(bus: Bus, index: Index, indexer: Indexer, segmenter: Segmenter) -> None:
    async with running(indexer.run):
        await published(bus, [worker_changed("w_1")])
        await caught_up(bus, index, segmenter)
    before = await index.generations("workers")
    await published(bus, [worker_changed("w_1", 2), worker_changed("w_2")])
    assert (await status.read(index, bus, segmenter.lexicon.version)).lag[WORKER_PROFILES.name] == 2
    async with running(Indexer(bus, index, segmenter, ErasureLedger(bus), look_every_s=0.02).run):
        await caught_up(bus, index, segmenter)
    assert await versions(index, "workers") == {"w_1": 2, "w_2": 1}
    assert await index.generations("workers") == before


class TrippingSegmenter(Segmenter):
    """Stands for a reading of people's words that some text trips."""

    def document_tokens(self, text: str, scope: Scope = Scope.WORDS) -> list[str]:
        if "绊" in text:
            raise IndexError("string index out of range")
        return super().document_tokens(text, scope)


def message(record: Record, offset: int = 0) -> Message:
    return Message(Partition(record.topic.name, 0), offset, record.key, record.value, record.headers, 0)


async def test_one_record_that_trips_our_reading_keeps_nobody_else_out(bus: Bus, index: Index, segmenter: Segmenter) -> None:
    generation = await index.create(schema(Collection.WORKERS, "1"))
    feed = Feed(index, generation, Collection.WORKERS, TrippingSegmenter(segmenter.lexicon), erased=ErasureLedger(bus))
    records = [worker_changed("w_1"), worker_changed("w_2", words={"remark": "绊倒"}), worker_changed("w_3")]
    verdicts = await feed([message(record) for record in records])
    assert verdicts == [Done(), DeadLetter("projection failed: IndexError"), Done()]


async def test_while_the_index_is_away_messages_are_held_and_poison_is_still_poison(
    bus: Bus, index: Index, segmenter: Segmenter
) -> None:
    generation = await index.create(schema(Collection.WORKERS, "1"))
    await index.close()
    feed = Feed(index, generation, Collection.WORKERS, segmenter, erased=ErasureLedger(bus))
    first, poison, last = await feed(
        [message(worker_changed("w_1")), message(Record(WORKER_PROFILES, "bad", b"{")), message(worker_gone("w_2", 2))]
    )
    assert isinstance(first, Hold)
    assert isinstance(poison, DeadLetter)
    assert isinstance(last, Hold)


async def test_what_no_longer_fits_an_outdated_generation_disappears_from_it(
    bus: Bus, index: Index, segmenter: Segmenter
) -> None:
    generation = await index.create(Schema("workers", {"visible": FieldKind.BOOLEAN}, "before the change of fields"))
    await index.activate(generation)
    old = Feed(index, generation, Collection.WORKERS, segmenter, erased=ErasureLedger(bus), outdated=True)
    assert await old([message(worker_changed("w_1", 2)), message(worker_gone("w_2", 1))]) == [Done(), Done()]
    assert await index.count("workers") == 0
    new = Feed(index, generation, Collection.WORKERS, segmenter, erased=ErasureLedger(bus))
    (verdict,) = await new([message(worker_changed("w_1", 3))])
    assert isinstance(verdict, DeadLetter)
