"""The journey through the real chain, every part a process of its own: a register in, a change ranked, somebody gone, parts
killed in the middle, a stream lost and filled again. Nothing is lost, and the history says so."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.contracts.topics import WORKER_PROFILES
from services.kernel.ids import new_id
from services.kernel.text.segmenter import Segmenter
from services.matcher.indexer.documents import Collection
from tests.contract.index.elastic_server import delete_indices
from tests.contract.streams import until
from tests.history import layers
from tests.history.checker import violations
from tests.history.operations import History
from tests.journey.chain import EVERYBODY, Chain, real_chain
from tests.journey.clients import Client
from tests.processes import yungong
from tests.registers import REGISTER
from tests.servers.databases import execute
from tests.servers.server import Server
from tests.servers.topics import lose_topics

POSTINGS = REGISTER.with_name("岗位需求表.xlsx")
NANNY = {"intention_occupations": "住家月嫂", "intention_places": "上海浦东", "experience": "在浦东做月嫂六年，带过四十个宝宝"}
CLIENTS, PEOPLE = 4, 12


@pytest.fixture
async def chain(
    postgres_server: Server, kafka_server: Server, elasticsearch_server: Server, tmp_path: Path
) -> AsyncIterator[Chain]:
    """The real chain on databases, topics and an index without anything in them. Not started."""
    databases = {name: f"journey_{name}_{new_id('x')[2:].lower()}" for name in ("workers", "jobs", "access")}
    base, prefix = postgres_server.url.rpartition("/")[0], new_id("test").lower()
    for database in databases.values():
        await execute(postgres_server.url, f"CREATE DATABASE {database}")
    await lose_topics(kafka_server.url)
    urls = {f"{name}_store_url": f"{base}/{database}" for name, database in databases.items()}
    urls |= {"bus_url": kafka_server.url, "index_url": f"{elasticsearch_server.url}?prefix={prefix}"}
    with real_chain(tmp_path / "var", urls) as made:
        yield made
    await lose_topics(kafka_server.url)
    delete_indices(elasticsearch_server, prefix)
    for database in databases.values():
        await execute(postgres_server.url, f"DROP DATABASE {database} WITH (FORCE)")


async def answer(http: httpx.AsyncClient, path: str) -> dict[str, Any]:
    found = await http.get(path)
    assert found.status_code == 200, found.text
    body: dict[str, Any] = found.json()
    return body


async def imported(http: httpx.AsyncClient, kind: str, sheet: Path) -> int:
    """How many rows were accepted."""
    content = await asyncio.to_thread(sheet.read_bytes)
    started = await http.post(f"/v1/{kind}/imports", files={"file": (sheet.name, content)})
    assert started.status_code == 202, started.text
    while True:
        now = await answer(http, f"/v1/{kind}/imports/{started.json()['id']}")
        if now["state"] == "done":
            return int(now["accepted"])
        assert now["state"] in {"waiting", "running"}, now
        await asyncio.sleep(0.1)


async def everything(http: httpx.AsyncClient, kind: str) -> list[dict[str, Any]]:
    """All records in the list."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await answer(http, f"/v1/{kind}?limit=100" + (f"&cursor={cursor}" if cursor else ""))
        found, cursor = found + page["items"], page["next_cursor"]
    return found


@dataclass
class Journey:
    """One county's day, with its history."""

    chain: Chain
    history: History
    segmenter: Segmenter
    workers: httpx.AsyncClient
    jobs: httpx.AsyncClient
    matcher: httpx.AsyncClient

    async def sheets_come_in(self) -> tuple[list[str], str]:
        """The people of the register and an opening of the sheet, all searchable."""
        accepted = await imported(self.workers, "workers", REGISTER)
        assert await imported(self.jobs, "postings", POSTINGS) > 0
        people = await everything(self.workers, "workers")
        assert len(people) == accepted > 100
        for person in people:
            self.history.found("worker.imported", person["id"], person["version"])
        await self.nothing_under_way(accepted)
        posting = next(one["id"] for one in await everything(self.jobs, "postings") if one["number"] == "P001")
        return [person["id"] for person in people], posting

    async def a_change_of_mind_is_ranked(self, people: list[str], posting: str) -> str:
        """Who was never proposed before is among the first ten."""
        before = await self.ranked(posting)
        assert before
        somebody = next(one for one in people if one not in before)
        path = f"/v1/workers/{somebody}"
        request = {"json": {"words": NANNY}, "headers": {"If-Match": (await self.workers.get(path)).headers["ETag"]}}
        await self.history.change(self.workers, "worker.amended", "PATCH", path, subject=somebody, **request)
        await self.until_ranked(posting, lambda found: somebody in found[:10])
        return somebody

    async def parts_die_under_load(self) -> None:
        """Clients go on while relay, indexer and the service itself are killed and come back."""
        clients = [Client(self.workers, self.history, first=1 + number * PEOPLE) for number in range(CLIENTS)]
        working = asyncio.gather(*(client.work(PEOPLE) for client in clients))
        for name in ("workers-relay", "indexer", "workers", "workers-relay", "indexer"):
            self.chain.kill(name)
            await asyncio.to_thread(self.chain.start, name)
        await working

    async def somebody_leaves(self, somebody: str, posting: str) -> None:
        """And is gone from every answer."""
        path = f"/v1/workers/{somebody}/withdrawal"
        await self.history.change(self.workers, "worker.withdrawn", "POST", path, subject=somebody)
        await self.until_ranked(posting, lambda found: somebody not in found)
        assert (await self.matcher.get(f"/v1/workers/{somebody}/openings")).status_code == 404

    async def a_stream_is_lost_and_filled_again(self) -> int:
        """From the database; a new index is made of it. How many were told again."""
        await lose_topics(self.chain.settings.bus_url, WORKER_PROFILES.name)
        told = json.loads(await self.command("republish", "workers", "--json"))
        await self.nothing_under_way(1)
        await self.command("index", "rebuild")
        await self.nothing_under_way(1)
        return int(told["workers"])

    async def command(self, *arguments: str) -> str:
        done = await asyncio.to_thread(yungong, self.chain.data, *arguments, **self.chain.environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    async def nothing_under_way(self, least: int) -> None:
        """Wait until the outbox is empty, the index knows at least so many people and nothing waits to be indexed."""

        async def there() -> bool:
            found = await self.matcher.get("/v1/index/status")
            if found.status_code != httpx.codes.OK:
                return False
            waiting = (await answer(self.workers, "/v1/workers/counts"))["unpublished"]
            return found.json()["workers"] >= least and not waiting and not any(found.json()["lag"].values())

        await until(there)

    async def until_ranked(self, posting: str, as_wanted: Callable[[list[str]], bool]) -> None:
        """Wait until the list is as wanted: what is written is seen after the index's refresh interval."""

        async def there() -> bool:
            return as_wanted(await self.ranked(posting))

        await until(there)

    async def ranked(self, posting: str) -> list[str]:
        """The people who are proposed for an opening, best first."""
        found = await answer(self.matcher, f"/v1/postings/{posting}/candidates?limit=100")
        return [one["worker_id"] for one in found["items"]]

    async def wrong(self) -> list[str]:
        """What is wrong with the workers' layers; of the postings, which have no history here, all but the database."""
        read = await layers.read(self.chain.settings, self.segmenter)
        postings = [said for said in violations([], read[Collection.POSTINGS]) if not said.startswith("database")]
        return violations(self.history.operations, read[Collection.WORKERS]) + postings


@pytest.mark.real
@pytest.mark.timeout(420)
async def test_nothing_is_lost_on_the_way(chain: Chain, segmenter: Segmenter, tmp_path: Path) -> None:
    chain.start("workers")  # the first one makes the keys of the data directory
    chain.start(*(EVERYBODY.keys() - {"workers"}))
    history = History(tmp_path / "history.jsonl")
    async with chain.client("workers") as workers, chain.client("jobs") as jobs, chain.client("matcher") as matcher:
        journey = Journey(chain, history, segmenter, workers, jobs, matcher)
        people, posting = await journey.sheets_come_in()
        somebody = await journey.a_change_of_mind_is_ranked(people, posting)
        await journey.parts_die_under_load()
        await journey.nothing_under_way(len(people))
        assert await journey.wrong() == []
        await journey.somebody_leaves(somebody, posting)
        assert await journey.a_stream_is_lost_and_filled_again() == len(people) + CLIENTS * PEOPLE
        assert await journey.wrong() == []
    assert set(chain.terminate_all().values()) == {0}
