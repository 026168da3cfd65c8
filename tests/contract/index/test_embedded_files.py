"""What only the embedded index can suffer: kill -9, damaged files, another process in its directory."""

import asyncio
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from services.kernel.index import (
    Document,
    IndexDamaged,
    IndexUnavailable,
    SearchRequest,
    WriteOutcome,
    open_index,
)
from tests.contract.index.people import PEOPLE, SCHEMA, found, person, write_all


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"embedded://{tmp_path}/index"


async def built(url: str) -> str:
    """Leave an active generation of PEOPLE behind; its name."""
    index = open_index(url)
    generation = await index.create(SCHEMA)
    await index.activate(generation)
    await write_all(index, generation, PEOPLE)
    await index.close()
    return generation.name


@pytest.mark.parametrize("batches", [1, 4, 9])
async def test_what_was_acknowledged_survives_kill_9(url: str, batches: int) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.contract.index.writing_process", url, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    acknowledged = [int(await process.stdout.readline()) for _ in range(batches)]
    process.send_signal(signal.SIGKILL)
    acknowledged += [int(line) for line in (await process.stdout.read()).splitlines()]
    await process.wait()
    index = open_index(url)
    (generation,) = await index.generations("people")
    expected = {f"{number}-{i}" for number in acknowledged for i in range(20)}
    erased = {f"{number}-0" for number in acknowledged[:-1]}
    unknown = {f"{acknowledged[-1] + 1}-{i}" for i in range(20)} | {f"{acknowledged[-1]}-0"}  # the batch under way
    there = await found(index, None)
    assert expected - erased - unknown <= there <= (expected - erased) | unknown
    assert len(there & {f"{acknowledged[-1] + 1}-{i}" for i in range(20)}) in {0, 20}  # a batch is whole or not there
    results = await index.write(generation, [person(id_) for id_ in sorted(erased)] + [person("new")])
    assert [result.outcome for result in results] == [WriteOutcome.STALE] * len(erased) + [WriteOutcome.DONE]
    await index.close()


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("damage", [truncate, Path.unlink], ids=["truncated", "missing"])
@pytest.mark.parametrize("pattern", ["tantivy/meta.json", "tantivy/*.store", "tantivy/*.term", "tantivy/*.fast", "schema.json"])
async def test_damaged_files_are_named(url: str, tmp_path: Path, pattern: str, damage: Callable[[Path], None]) -> None:
    name = await built(url)
    for path in (tmp_path / "index" / "people" / name).glob(pattern):
        damage(path)
    index = open_index(url)
    with pytest.raises(IndexDamaged, match=name):
        await index.search("people", SearchRequest())
    (listed,) = await index.generations("people")
    assert (listed.name, listed.schema_version) == (name, "" if pattern == "schema.json" else "1")
    await index.close()


async def test_a_damaged_index_is_replaced_by_a_new_generation(url: str, tmp_path: Path) -> None:
    name = await built(url)
    (tmp_path / "index" / "people" / name / "tantivy" / "meta.json").unlink()
    index = open_index(url)
    new = await index.create(SCHEMA)
    await write_all(index, new, [person("z")])
    await index.activate(new)
    assert await found(index, None) == {"z"}
    (old,) = [one for one in await index.generations("people") if not one.active]
    await index.drop(old)
    assert [one.name for one in await index.generations("people")] == [new.name]
    await index.close()


async def test_a_current_pointer_into_nothing_is_damage(url: str, tmp_path: Path) -> None:
    await built(url)
    (tmp_path / "index" / "people" / "CURRENT").write_text("people-gone")
    index = open_index(url)
    with pytest.raises(IndexDamaged, match="people-gone"):
        await index.count("people")
    assert [one.active for one in await index.generations("people")] == [False]
    await index.close()


async def test_files_of_another_format_are_refused(url: str, tmp_path: Path) -> None:
    name = await built(url)
    schema = tmp_path / "index" / "people" / name / "schema.json"
    schema.write_text(schema.read_text().replace('"format":3', '"format":99'))
    index = open_index(url)
    with pytest.raises(IndexDamaged, match="format 99"):
        await index.count("people")
    await index.close()


async def test_what_a_crash_left_half_made_is_swept_away(url: str, tmp_path: Path) -> None:
    await built(url)
    collection = tmp_path / "index" / "people"
    for left in (".new-people-x", ".dropped-people-y"):
        (collection / left / "tantivy").mkdir(parents=True)
    (collection / "CURRENT.new").write_text("half")
    index = open_index(url)
    assert len(await index.generations("people")) == 1
    assert await found(index, None) == {"a", "b", "c", "d"}
    assert not list(collection.glob(".*-people-*"))
    await index.close()


async def test_a_second_writer_is_refused_until_the_first_is_gone(url: str) -> None:
    await built(url)
    first, second = open_index(url), open_index(url)
    (generation,) = await first.generations("people")
    await write_all(first, generation, [person("e")])
    with pytest.raises(IndexUnavailable, match=r"(?i)lock"):
        await second.write(generation, [person("f")])
    await first.close()
    await write_all(second, generation, [person("f"), Document("e", 2, tombstone=True)])
    assert await found(second, None) == {"a", "b", "c", "d", "f"}
    await second.close()


def test_other_urls_are_refused() -> None:
    for url in ("sqlite:///x", "embedded://", "embedded:///", "/path"):
        with pytest.raises(ValueError, match="no index"):
            open_index(url)
