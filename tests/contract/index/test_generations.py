"""Generations: built beside, swapped at once, kept until dropped."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest

from services.kernel.index import Exists, FieldKind, Index, SearchRequest, UnfitGeneration
from tests.contract.index.people import SCHEMA, found, person, write_all


async def test_a_collection_without_a_generation_is_empty(index: Index) -> None:
    assert list(await index.generations("people")) == []
    assert (await index.search("people", SearchRequest())).total == 0
    assert await index.get("people", ["a"]) == {}
    assert await index.count("people") == 0


async def test_a_new_generation_serves_only_once_it_is_active(index: Index) -> None:
    old = await index.create(SCHEMA)
    await index.activate(old)
    await write_all(index, old, [person("a")])
    new = await index.create(replace(SCHEMA, version="2"))
    await write_all(index, new, [person("b"), person("c")])
    assert await found(index, None) == {"a"}
    assert [await index.count("people", one) for one in (old, new)] == [1, 2]
    assert [set(await index.get("people", ["a", "b"], one)) for one in (old, new, None)] == [{"a"}, {"b"}, {"a"}]
    assert [(one.name, one.schema_version, one.active) for one in await index.generations("people")] == [
        (old.name, "1", True),
        (new.name, "2", False),
    ]
    await index.activate(new)
    assert await found(index, None) == {"b", "c"}
    await index.activate(old)  # the way back stays open
    assert await found(index, None) == {"a"}
    await write_all(index, old, [person("d")])
    assert await found(index, None) == {"a", "d"}


async def test_the_active_generation_is_not_dropped_and_the_others_are(index: Index, open_again: Callable[[], Index]) -> None:
    old, new = await index.create(SCHEMA), await index.create(SCHEMA)
    await index.activate(old)
    with pytest.raises(ValueError, match="active"):
        await index.drop(old)
    await write_all(index, new, [person("a")])
    await index.activate(new)
    await index.drop(old)
    assert [one.name for one in await index.generations("people")] == [new.name]
    await index.close()
    again = open_again()
    assert [(one.name, one.active) for one in await again.generations("people")] == [(new.name, True)]
    assert await found(again, None) == {"a"}


async def test_names_are_never_used_again(index: Index) -> None:
    first = await index.create(SCHEMA)
    await index.drop(first)
    assert (await index.create(SCHEMA)).name != first.name


async def test_searches_see_the_old_build_or_the_new_one_and_nothing_else(index: Index) -> None:
    builds = [await index.create(SCHEMA) for _ in range(4)]
    for number, build in enumerate(builds):
        await write_all(index, build, [person(f"{number}-{person_number}") for person_number in range(10)])
    await index.activate(builds[0])
    swapped = asyncio.Event()
    seen: list[set[str]] = []

    async def read() -> None:
        while not swapped.is_set():
            hits = await index.search("people", SearchRequest())
            seen.append({hit.id for hit in hits.hits})
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(read())
        for before, after in itertools.pairwise(builds):
            await asyncio.sleep(0.02)
            await index.activate(after)
            await index.drop(before)
        swapped.set()
    whole = [{f"{number}-{person_number}" for person_number in range(10)} for number in range(4)]
    assert seen
    assert all(ids in whole for ids in seen)
    assert await found(index, None) == whole[3]


async def test_a_build_answers_for_its_own_schema(index: Index) -> None:
    old = await index.create(SCHEMA)
    await index.activate(old)
    wider = replace(SCHEMA, version="2", fields={**SCHEMA.fields, "height": FieldKind.INTEGER})
    new = await index.create(wider)
    await write_all(index, new, [person("a", height=180), person("b")])
    with pytest.raises(UnfitGeneration):
        await index.search("people", SearchRequest(filter=Exists("height")))
    await index.activate(new)
    assert await found(index, Exists("height")) == {"a"}


async def test_collections_do_not_meet(index: Index) -> None:
    people, jobs = await index.create(SCHEMA), await index.create(replace(SCHEMA, collection="jobs"))
    await index.activate(people)
    await index.activate(jobs)
    await write_all(index, people, [person("a")])
    await write_all(index, jobs, [person("a", 7), person("b")])
    assert (await index.count("people"), await index.count("jobs")) == (1, 2)
    assert (await index.get("people", ["a"]))["a"].version == 1


async def test_a_field_name_of_the_index_itself_is_refused(index: Index) -> None:
    with pytest.raises(ValueError, match="_id"):
        await index.create(replace(SCHEMA, fields={"_id": FieldKind.KEYWORD}))
