"""Versions, tombstones, bad documents, restarts."""

import asyncio
import random
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from services.kernel.index import Document, Generation, Index, IndexUnavailable, Point, WriteOutcome
from tests.contract.index.people import PEOPLE, found, person, write_all


async def outcomes(index: Index, generation: Generation, *documents: Document) -> list[WriteOutcome]:
    return [result.outcome for result in await index.write(generation, documents, refresh=True)]


async def test_an_older_version_never_overwrites_a_newer_one(index: Index, generation: Generation) -> None:
    await write_all(index, generation, [person("a", 5, pay=5)])
    assert await outcomes(index, generation, person("a", 4, pay=4), person("a", 5, pay=50)) == [WriteOutcome.STALE] * 2
    assert (await index.get("people", ["a"]))["a"].version == 5
    await write_all(index, generation, [person("a", 6, places="530000")])
    hit = (await index.get("people", ["a"]))["a"]
    assert (hit.version, hit.source) == (6, {"version": 6, "fields": ["places"]})
    assert await index.count("people") == 1


async def test_versions_count_within_a_batch_too(index: Index, generation: Generation) -> None:
    documents = [person("a", 2), person("a", 1), person("b", 1), person("a", 3), person("a", 3)]
    done, stale = WriteOutcome.DONE, WriteOutcome.STALE
    assert await outcomes(index, generation, *documents) == [done, stale, done, done, stale]
    assert (await index.get("people", ["a"]))["a"].version == 3


async def test_any_order_of_arrival_ends_in_the_newest(index: Index, generation: Generation) -> None:
    history = [person(id_, version) for id_ in "abc" for version in range(1, 8)]
    history.append(Document("b", 8, tombstone=True))
    shuffled = history * 2
    random.Random(20261101).shuffle(shuffled)  # noqa: S311 - no secret, the same order each time
    for start in range(0, len(shuffled), 5):
        results = await index.write(generation, shuffled[start : start + 5], refresh=True)
        assert {result.outcome for result in results} <= {WriteOutcome.DONE, WriteOutcome.STALE}
    assert {id_: hit.version for id_, hit in (await index.get("people", ["a", "b", "c"])).items()} == {"a": 7, "c": 7}


async def test_a_tombstone_is_seen_by_nobody_and_refuses_what_is_older(index: Index, generation: Generation) -> None:
    await write_all(index, generation, [person("a", 1, pay=1), person("b", 1, pay=1)])
    await write_all(index, generation, [Document("a", 3, tombstone=True)])
    assert await outcomes(index, generation, person("a", 2), person("a", 3)) == [WriteOutcome.STALE] * 2
    assert await found(index, None) == {"b"}
    assert set(await index.get("people", ["a", "b"])) == {"b"}
    assert (await index.count("people"), await index.count("people", generation)) == (1, 1)


async def test_a_tombstone_may_come_first_and_a_newer_version_may_follow(index: Index, generation: Generation) -> None:
    await write_all(index, generation, [Document("a", 3, tombstone=True)])
    assert await outcomes(index, generation, person("a", 2)) == [WriteOutcome.STALE]
    assert await index.count("people") == 0
    await write_all(index, generation, [person("a", 4)])
    assert await found(index, None) == {"a"}


@pytest.mark.parametrize(
    "bad",
    [
        person("bad", height=180),
        person("bad", pay="many"),
        person("bad", pay=True),
        person("bad", pay=2**63),
        person("bad", born="1980-01-14"),
        person("bad", born=datetime(1980, 1, 14)),  # noqa: DTZ001 - a naive one is what a careless caller sends
        person("bad", visible="true"),
        person("bad", words=["good", 5]),
        person("bad", words="lone \ud800 surrogate"),
        person("bad", words="x" * 256),
        person("bad", places="x" * 513),
        person("bad", home=(25.0, 102.7)),
        person("bad", home=Point(25.0, 181.0)),
        person("bad", home=Point(float("nan"), 102.7)),
        person("bad", papers=["健康证"]),
        person("bad", papers={"issuer": "x"}),
        person("bad", papers={"level": "4"}),
        person("bad", papers=[{"name": "健康证"}] * 101),
        Document("bad", 1, {}, {"when": object()}),
        Document("bad", 1, {}, {"lone": "\ud800"}),
        Document("bad", 0),
        Document("bad", 2**63),
        Document("", 1),
        Document("x" * 513, 1),
        Document("lone \ud800", 1),
        Document("bad", 1, {"pay": 5}, tombstone=True),
    ],
)
async def test_a_bad_document_is_named_and_the_rest_is_written(index: Index, generation: Generation, bad: Document) -> None:
    results = await index.write(generation, [person("before"), bad, person("after")], refresh=True)
    assert [result.outcome for result in results] == [WriteOutcome.DONE, WriteOutcome.REFUSED, WriteOutcome.DONE]
    assert results[1].id == bad.id
    assert results[1].reason
    assert await found(index, None) == {"before", "after"}


async def test_the_extremes_of_what_fits_are_kept(index: Index, generation: Generation) -> None:
    id_ = "员" * 170 + "ab"
    fields: dict[str, Any] = {
        "pay": [-(2**63), 2**63 - 1],
        "born": [date.min, date.max],
        "places": "x" * 512,
        "words": "字" * 255,
        "home": [Point(-90, -180), Point(90, 180)],
        "papers": [{"level": [-(2**63), 2**63 - 1], "expires": [date.min, date.max], "name": "x" * 512}] * 100,
    }
    await write_all(index, generation, [person(id_, 2**63 - 1, **fields)])
    assert (await index.get("people", [id_]))[id_].version == 2**63 - 1


async def test_the_source_comes_back_as_it_went_in(index: Index, generation: Generation) -> None:
    source = {"名": "张**", "list": [1, 2.5, None, True, {"深": "层"}], "empty": {}, "text": "\u2028\"\\'"}
    await write_all(index, generation, [Document("a", 1, {}, source)])
    assert (await index.get("people", ["a", "unknown", "lone \ud800"]))["a"].source == source


async def test_a_restart_forgets_nothing(index: Index, open_again: Callable[[], Index], generation: Generation) -> None:
    await write_all(index, generation, [*PEOPLE, Document("e", 4, tombstone=True)])
    await index.close()
    again = open_again()
    assert await found(again, None) == {"a", "b", "c", "d"}
    (active,) = await again.generations("people")
    assert active.name == generation.name
    assert await outcomes(again, active, person("a", 1), person("e", 3), person("b", 2)) == [
        WriteOutcome.STALE,
        WriteOutcome.STALE,
        WriteOutcome.DONE,
    ]


async def test_writers_at_once_lose_nothing(index: Index, generation: Generation) -> None:
    async def write(writer: int) -> None:
        for number in range(5):
            await index.write(generation, [person(f"{writer}-{number}"), person("shared", writer * 5 + number + 1)])

    await asyncio.gather(*(write(writer) for writer in range(4)))
    await write_all(index, generation, [person("last")])
    assert await index.count("people") == 22
    assert (await index.get("people", ["shared"]))["shared"].version == 20


async def test_a_closed_index_says_so(index: Index, generation: Generation) -> None:
    await index.close()
    await index.close()
    for attempt in (index.count("people"), index.write(generation, [person("a")]), index.generations("people")):
        with pytest.raises(IndexUnavailable, match="closed"):
            await attempt
