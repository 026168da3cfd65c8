"""What is the embedded log's own: compaction, partitions, and dealing them out to members."""

import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from services.contracts.topics import Topic
from services.kernel.bus import BusUnavailable, Partition, Record, open_bus
from services.kernel.bus.embedded import EmbeddedBus
from services.kernel.bus.log_file import LogFile, partition_number
from services.kernel.bus.membership import Membership

TOPIC = Topic("test", partitions=3)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.db"


@pytest.fixture
async def bus(path: Path) -> AsyncIterator[EmbeddedBus]:
    bus = EmbeddedBus(path, compaction_lag_ms=-1000)
    yield bus
    await bus.close()


def records(key: str, count: int) -> list[Record]:
    return [Record(TOPIC, key, f"{key}{number}".encode()) for number in range(count)]


def flushed_bytes(path: Path) -> bytes:
    """The file with all that its write-ahead log holds folded in."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


async def contents(bus: EmbeddedBus) -> dict[str, list[bytes | None]]:
    found: dict[str, list[bytes | None]] = {}
    async for message in bus.snapshot([TOPIC]):
        found.setdefault(message.key, []).append(message.value)
    return found


async def test_compaction_keeps_the_newest_of_each_key(bus: EmbeddedBus) -> None:
    await bus.publish([*records("a", 1500), *records("b", 3), *records("c", 2), Record(TOPIC, "c", None)])
    await bus.compact()
    assert await contents(bus) == {"a": [b"a1499"], "b": [b"b2"], "c": [None]}


async def test_compaction_spares_what_is_young(path: Path) -> None:
    bus = EmbeddedBus(path, compaction_lag_ms=60_000)
    await bus.publish(records("a", 3))
    await bus.compact()
    assert len((await contents(bus))["a"]) == 3
    await bus.close()


async def test_offsets_go_on_after_compaction_and_readers_pass_the_gap(bus: EmbeddedBus) -> None:
    await bus.publish(records("a", 10))
    await bus.compact()
    await bus.publish(records("a", 1))
    async with bus.subscribe([TOPIC], "group") as subscription:
        (messages,) = (await subscription.poll(100, 1)).values()
        assert [message.offset for message in messages] == [9, 10]
        await subscription.commit({messages[0].partition: 11})
    assert await bus.lag([TOPIC], "group") == {"test": 0}


async def test_what_compaction_removed_is_not_left_in_the_file(bus: EmbeddedBus, path: Path) -> None:
    await bus.publish([Record(TOPIC, "a", b"canary of an erased person" * 10)])
    await bus.publish([Record(TOPIC, "a", None)])
    await bus.compact()
    assert b"canary" not in flushed_bytes(path)


async def test_a_busy_partition_does_not_starve_the_others(bus: EmbeddedBus) -> None:
    keys = {partition_number(f"k{number}", 3): f"k{number}" for number in range(20)}
    await bus.publish([record for key in keys.values() for record in records(key, 50)])
    async with bus.subscribe([TOPIC], "group") as subscription:
        seen = {partition.number for _ in range(3) for partition in await subscription.poll(10, 1)}
    assert seen == {0, 1, 2}


async def test_two_processes_may_open_one_log(bus: EmbeddedBus, path: Path) -> None:
    await bus.publish(records("a", 1))
    other = EmbeddedBus(path)
    await other.publish(records("b", 1))
    assert set(await contents(bus)) == {"a", "b"}
    await other.close()


@pytest.fixture
def file_of_another_kind(path: Path) -> Path:
    path.write_bytes(b"this is no database" * 100)
    return path


async def test_a_file_that_is_no_log_is_unavailability(file_of_another_kind: Path) -> None:
    bus = EmbeddedBus(file_of_another_kind)
    assert await bus.publish(records("a", 1)) == [False]
    with pytest.raises(BusUnavailable):
        await bus.ensure([TOPIC])
    await bus.close()


def test_appending_is_all_or_nothing(path: Path) -> None:
    log = LogFile.open(path)
    unstorable = Record(TOPIC, "b", b"x", {"lone": "\ud800"})
    log.append([*records("a", 1), unstorable], 1)
    with pytest.raises(UnicodeEncodeError):
        log.append([*records("c", 1), Record(TOPIC, "\ud800", b"x")], 1)
    partitions = log.partitions(["test"])
    found = log.read(dict.fromkeys(partitions, 0), 10)
    assert {message.key for batch in found.values() for message in batch} == {"a", "b"}
    assert sum(log.ends(partitions).values()) == 2
    log.close()


def test_keys_are_spread_over_partitions() -> None:
    spread = Counter(partition_number(f"w_{number}", 6) for number in range(6000))
    assert min(spread.values()) > 800


def test_each_partition_has_one_member() -> None:
    membership = Membership()
    partitions = [Partition("t", number) for number in range(7)]
    for member in ("x", "y", "z"):
        membership.join("group", member)
    dealt = [partition for member in ("x", "y", "z") for partition in membership.assigned("group", member, partitions)]
    assert sorted(dealt) == partitions
    membership.leave("group", "y")
    dealt = [partition for member in ("x", "z") for partition in membership.assigned("group", member, partitions)]
    assert sorted(dealt) == partitions


@pytest.mark.parametrize("url", ["redis://host", "embedded://", "embedded:///", "embedded://log.db", "log.db"])
def test_other_buses_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="bus"):
        open_bus(url)
