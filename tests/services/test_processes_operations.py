"""Dead letters and generations of the index, from the command line, on embedded backends."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from services.contracts.topics import WORKER_PROFILES
from services.kernel.bus import Bus, DeadLetters, Record, open_bus
from services.kernel.settings import Settings
from tests.processes import running, yungong


def on_bus(data: Path, work: Callable[[Bus], Awaitable[Any]]) -> Any:
    """The result of `work` on the embedded bus."""

    async def opened() -> Any:
        bus = open_bus(Settings(data=data).bus_url)
        try:
            return await work(bus)
        finally:
            await bus.close()

    return asyncio.run(opened())


async def put_aside(bus: Bus) -> None:
    """One record that nobody can read, put aside."""
    await bus.publish([Record(WORKER_PROFILES, "w_1", b"{ not json", {"ce_id": "evt_1"})])
    async for message in bus.snapshot([WORKER_PROFILES]):
        assert await DeadLetters(bus).put(message, "indexer-test", "no event")


async def records(bus: Bus) -> list[bytes | None]:
    """What stands on the stream."""
    return [message.value async for message in bus.snapshot([WORKER_PROFILES])]


def told(data: Path, *arguments: str) -> Any:
    done = yungong(data, *arguments, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_a_dead_letter_is_listed_shown_and_replayed_once(tmp_path: Path) -> None:
    on_bus(tmp_path, put_aside)
    (letter,) = told(tmp_path, "dead-letters", "list")
    assert letter["reason"] == "no event"
    assert told(tmp_path, "dead-letters", "show", letter["id"])["value"] == "{ not json"
    assert letter["id"] in yungong(tmp_path, "dead-letters", "list").stdout
    assert told(tmp_path, "dead-letters", "replay", "--all") == {letter["id"]: "replayed"}
    assert on_bus(tmp_path, records) == [b"{ not json"] * 2
    assert told(tmp_path, "dead-letters", "list") == []
    again = yungong(tmp_path, "dead-letters", "replay", letter["id"])
    assert (again.returncode, "重放过" in again.stdout) == (1, True)


def test_a_dead_letter_that_does_not_exist(tmp_path: Path) -> None:
    assert yungong(tmp_path, "dead-letters", "show", "nobody/knows/0/1").returncode == 1
    assert yungong(tmp_path, "dead-letters", "replay").returncode == 2
    assert yungong(tmp_path, "dead-letters", "replay", "x", "--all").returncode == 2


def test_rebuilds_replace_one_another_and_the_old_one_may_go(tmp_path: Path) -> None:
    first = told(tmp_path, "index", "rebuild")
    second = told(tmp_path, "index", "rebuild")
    assert set(first) == {"workers", "postings"}
    assert set(first.values()).isdisjoint(second.values())
    listed = {one["name"]: one["active"] for one in told(tmp_path, "index", "generations")}
    assert listed == dict.fromkeys(first.values(), False) | dict.fromkeys(second.values(), True)
    refused = yungong(tmp_path, "index", "generations", "--drop", second["workers"])
    assert (refused.returncode, "正在使用" in refused.stderr) == (1, True)
    left = told(tmp_path, "index", "generations", "--drop", first["workers"])
    assert first["workers"] not in {one["name"] for one in left}


def test_what_a_running_process_holds_is_not_touched(tmp_path: Path) -> None:
    with running(tmp_path, "index", "run", "--health-port", "0") as indexer:
        for command in (("dead-letters", "list"), ("index", "rebuild"), ("index", "generations")):
            refused = yungong(tmp_path, *command)
            assert refused.returncode == 1
            assert str(indexer.process.pid) in refused.stderr
        assert indexer.terminate() == 0
