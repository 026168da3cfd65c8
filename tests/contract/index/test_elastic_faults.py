"""What only Elasticsearch can suffer: crashes, blocks, overload, other processes that swap."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.kernel.ids import new_id
from services.kernel.index import (
    Document,
    FieldKind,
    Index,
    IndexUnavailable,
    SearchRequest,
    WriteOutcome,
    open_index,
)
from tests.contract.index.elastic_server import ask, delete_indices
from tests.contract.index.gate import Answer, Request, gate, is_bulk
from tests.contract.index.people import PEOPLE, SCHEMA, found, person, write_all
from tests.contract.streams import until
from tests.servers.certificate import write_certificate
from tests.servers.process import ServerProcess
from tests.servers.server import Server

pytestmark = pytest.mark.real


@pytest.fixture
def server(elasticsearch_server: Server) -> Server:
    return elasticsearch_server


@pytest.fixture
def process(server: Server) -> ServerProcess:
    if server.process is None:
        pytest.skip("the server is not our process: it cannot be killed")
    return server.process


@pytest.fixture
async def url(server: Server) -> AsyncIterator[str]:
    prefix = new_id("test").lower()
    yield f"{server.url}?prefix={prefix}&timeout_s=5"
    delete_indices(server, prefix)


@pytest.fixture
async def index(url: str) -> AsyncIterator[Index]:
    index = open_index(url)
    yield index
    await index.close()


async def outcomes(index: Index, *documents: Document) -> list[WriteOutcome]:
    (generation,) = await index.generations("people")
    return [result.outcome for result in await index.write(generation, documents, refresh=True)]


async def test_a_tombstone_outlives_gc_deletes_and_a_crash(index: Index, server: Server, process: ServerProcess) -> None:
    generation = await index.create(SCHEMA)
    ask(server, "PUT", f"{generation.name}/_settings", {"index.gc_deletes": "0s"})
    await index.activate(generation)
    await write_all(index, generation, [person("a", 5), Document("a", 6, tombstone=True), person("b", 1)])
    process.kill()
    with pytest.raises(IndexUnavailable):
        await index.search("people", SearchRequest())
    process.start()
    await until(lambda: _answers(index))
    assert await outcomes(index, person("a", 5), person("a", 6)) == [WriteOutcome.STALE] * 2
    assert await found(index, None) == {"b"}


async def _answers(index: Index) -> bool:
    try:
        await index.search("people", SearchRequest())
    except IndexUnavailable:
        return False
    return True


async def test_what_was_acknowledged_survives_a_crash_inside_a_bulk(index: Index, process: ServerProcess) -> None:
    generation = await index.create(SCHEMA)
    await index.activate(generation)
    acknowledged: set[str] = set()

    async def write() -> None:
        for number in range(10_000):
            results = await index.write(generation, [person(f"{number}-{i}") for i in range(200)])
            acknowledged.update(result.id for result in results if result.outcome is WriteOutcome.DONE)

    writing = asyncio.create_task(write())
    await until(lambda: len(acknowledged) >= 400)
    process.kill()
    with pytest.raises(IndexUnavailable):
        await writing
    process.start()
    await until(lambda: _answers(index))
    again = [person(id_) for id_ in sorted(acknowledged)]
    results = await index.write(generation, again, refresh=True)
    assert {result.outcome for result in results} == {WriteOutcome.STALE}
    assert set(await index.get("people", [*acknowledged])) == acknowledged


async def test_a_frozen_server_is_unavailable_in_time(index: Index, url: str, process: ServerProcess) -> None:
    generation = await index.create(SCHEMA)
    await index.activate(generation)
    await write_all(index, generation, PEOPLE)
    hasty = open_index(url.replace("timeout_s=5", "timeout_s=0.5"))
    assert await hasty.count("people") == 4
    process.freeze()
    try:
        for attempt in (hasty.search("people", SearchRequest()), hasty.write(generation, [person("a", 2)])):
            with pytest.raises(IndexUnavailable, match="Timeout"):
                await attempt
    finally:
        process.thaw()
    await until(lambda: _answers(index))
    assert await found(index, None) == {"a", "b", "c", "d"}
    await hasty.close()


async def test_an_absent_server_is_unavailable() -> None:
    index = open_index("http://127.0.0.1:9?timeout_s=1")
    for attempt in (index.search("people", SearchRequest()), index.create(SCHEMA), index.generations("people")):
        with pytest.raises(IndexUnavailable):
            await attempt
    await index.close()


@pytest.mark.parametrize("block", ["index.blocks.write", "index.blocks.read_only_allow_delete"])
async def test_a_block_holds_writes_until_it_is_lifted(index: Index, server: Server, block: str) -> None:
    generation = await index.create(SCHEMA)
    await index.activate(generation)
    ask(server, "PUT", f"{generation.name}/_settings", {block: True})  # the second is what a full disk sets
    results = await index.write(generation, [person("a"), person("b")])
    assert [result.outcome for result in results] == [WriteOutcome.HOLD] * 2
    assert "block" in results[0].reason
    ask(server, "PUT", f"{generation.name}/_settings", {block: None})
    assert await outcomes(index, person("a"), person("b")) == [WriteOutcome.DONE] * 2


async def test_a_swap_by_another_process_is_seen_soon(index: Index, url: str) -> None:
    old, new = await index.create(SCHEMA), await index.create(replace(SCHEMA, version="2"))
    await index.activate(old)
    await write_all(index, old, [person("old")])
    await write_all(index, new, [person("new")])
    other = open_index(url)
    assert await found(other, None) == {"old"}
    await index.activate(new)

    async def swapped() -> bool:
        return await found(other, None) == {"new"}

    await until(swapped)
    await index.activate(old)
    await index.drop(new)
    assert await found(other, None) == {"old"}  # at once, for the generation that it knew is no more
    await other.close()


async def test_a_write_to_a_dropped_generation_makes_no_index(index: Index, server: Server) -> None:
    generation = await index.create(SCHEMA)
    await write_all(index, generation, [person("a")])
    await index.drop(generation)
    with pytest.raises(IndexUnavailable, match="exist"):
        await index.write(generation, [person("b")])
    assert not ask(server, "GET", f"{generation.name}*?expand_wildcards=all")


async def test_the_mapping_is_strict_and_a_conflict_is_refused_without_the_value(index: Index, server: Server) -> None:
    generation = await index.create(SCHEMA)
    await index.activate(generation)
    mapping = ask(server, "GET", f"{generation.name}/_mapping")[generation.name]["mappings"]
    assert mapping["dynamic"] == "strict"
    ask(server, "PUT", f"{generation.name}/_mapping", {"properties": {"hand_made": {"type": "date"}}})
    ask(server, "PUT", f"{generation.name}/_mapping", {"_meta": {**mapping["_meta"], "fields": {"hand_made": "keyword"}}})
    results = await index.write(generation, [person("a", hand_made="of Zhang San"), person("b")], refresh=True)
    assert [result.outcome for result in results] == [WriteOutcome.REFUSED, WriteOutcome.DONE]
    assert "hand_made" in results[0].reason
    assert "Zhang San" not in results[0].reason


async def test_collections_whose_names_begin_alike_do_not_meet(index: Index) -> None:
    people = await index.create(SCHEMA)
    await index.create(replace(SCHEMA, collection="people_2", fields={"words": FieldKind.TEXT}))
    assert [one.name for one in await index.generations("people")] == [people.name]


async def behind_a_gate(url: str, server: Server, answer: Answer, condemned: bytes) -> list[WriteOutcome]:
    """What becomes of ten documents when bulk requests that hold `condemned` are answered by a gate."""

    def rule(request: Request) -> Answer | None:
        return answer if is_bulk(request) and condemned in request.body else None

    async with gate(server.url, rule) as gate_url:
        index = open_index(url.replace(server.url, gate_url))
        try:
            generation = await index.create(SCHEMA)
            results = await index.write(generation, [person(f"doc-{number}") for number in range(10)])
            assert await index.count("people", generation) == sum(r.outcome is WriteOutcome.DONE for r in results)
            return [result.outcome for result in results]
        finally:
            await index.close()


async def test_only_the_document_that_is_too_large_is_refused(url: str, server: Server) -> None:
    got = await behind_a_gate(url, server, Answer(413, b""), b"doc-7")
    assert got == [WriteOutcome.DONE] * 7 + [WriteOutcome.REFUSED] + [WriteOutcome.DONE] * 2


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_an_overloaded_server_is_unavailable(url: str, server: Server, status: int) -> None:
    with pytest.raises(IndexUnavailable, match=str(status)):
        await behind_a_gate(url, server, Answer.of(status, {"error": {"type": "circuit_breaking_exception"}}), b"doc-")


async def test_credentials_and_our_own_certificate_authority_are_used(url: str, server: Server, tmp_path: Path) -> None:
    write_certificate(tmp_path / "private.pem", tmp_path / "ca.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "private.pem")
    (tmp_path / "api_key").write_text("aWQ6c2VjcmV0")
    shown: set[str] = set()

    def guard(request: Request) -> Answer | None:
        shown.add(request.headers.get("authorization", ""))
        return None if request.headers.get("authorization") else Answer.of(401, {"error": {"type": "security_exception"}})

    async with gate(server.url, guard, tls) as safe:
        prefix = url.split("?", 1)[1]
        trusted = f"{prefix}&ca_file={tmp_path / 'ca.pem'}"
        with_password = open_index(f"{safe.replace('//', '//elastic:secret@')}?{trusted}")
        with_key = open_index(f"{safe}?{trusted}&api_key_file={tmp_path / 'api_key'}")
        nobody, strangers = open_index(f"{safe}?{trusted}"), open_index(f"{safe}?{prefix}")
        assert await with_password.count("people") == 0
        assert await with_key.count("people") == 0
        assert shown == {"Basic ZWxhc3RpYzpzZWNyZXQ=", "ApiKey aWQ6c2VjcmV0"}
        with pytest.raises(IndexUnavailable, match="401"):
            await nobody.count("people")
        with pytest.raises(IndexUnavailable, match="Tls"):
            await strangers.count("people")
        for index in (with_password, with_key, nobody, strangers):
            await index.close()
