"""Who was erased is gone, and comes back by no replay, rebuild, sheet or restored backup (I2, R14, R15)."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from services.cli.embedded import build
from services.contracts.erasures import blind_id
from services.contracts.topics import ERASURES, WORKER_PROFILES
from services.kernel.audit import Actor, acting
from services.kernel.bus import open_bus
from services.kernel.http.auth import Scope
from services.kernel.index.port import SearchRequest
from services.matcher.indexer import rebuilding
from services.workers import app as workers_app
from services.workers import commands
from services.workers.erasures import traces
from services.workers.erasures.commands import erase
from services.workers.erasures.schemas import ErasureRequest
from services.workers.schemas import NewWorker
from tests.builders import CLOCK, new_posting, serving, settings
from tests.contract.streams import published, until
from tests.registers import identity_number, person, table, xlsx
from tests.services.stream_events import worker_changed
from tests.services.test_workers_api import NUMBER, new_worker

AGREED = {"what": "employers", "how": "paper", "evidence": "档案柜三第七册"}
CLEANER = {"intention_occupations": "保洁", "intention_places": "上海"}


class Server:
    """Everything in one process, and its client."""

    def __init__(self, application: FastAPI, client: httpx.AsyncClient) -> None:
        self.application, self.client = application, client

    async def registered(self, **changes: Any) -> str:
        answer = await self.client.post("/v1/workers", json=new_worker(**{"words": CLEANER} | changes))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def registered_other(self) -> str:
        """Somebody else, who wants the same work."""
        return await self.registered(identity_number=identity_number(date(1991, 3, 3), 4), name="吕光艳", number="W002")

    async def posting(self) -> str:
        return str((await self.client.post("/v1/postings", json=new_posting(title="保洁员", words={}))).json()["id"])

    async def erased(self, worker_id: str) -> dict[str, Any]:
        answer = await self.client.post(f"/v1/workers/{worker_id}/erasure")
        assert answer.status_code == 202, answer.text
        return dict(answer.json())

    async def proposed(self, posting_id: str) -> set[str]:
        answer = await self.client.get(f"/v1/postings/{posting_id}/candidates")
        return {item["worker_id"] for item in answer.json().get("items", [])}

    async def indexed(self) -> set[str]:
        """Everybody in the serving index, whoever may see them."""
        hits = await self.application.state.matcher.index.search("workers", SearchRequest(size=100))
        return {hit.id for hit in hits.hits}

    def holds(self, posting_id: str, worker_id: str) -> Callable[[], Awaitable[bool]]:
        async def held() -> bool:
            return worker_id in await self.proposed(posting_id)

        return held

    def lacks(self, worker_id: str) -> Callable[[], Awaitable[bool]]:
        async def lacking() -> bool:
            return worker_id not in await self.indexed()

        return lacking

    async def proven(self, worker_id: str) -> bool:
        proof = (await self.client.get(f"/v1/workers/{worker_id}/erasure")).json()
        return bool(proof["complete"])


def forget(folder: Path, pattern: str) -> None:
    for file in folder.glob(pattern):
        file.unlink()


@asynccontextmanager
async def server(folder: Path) -> AsyncIterator[Server]:
    application = build(settings(folder), CLOCK)
    async with serving(application, folder) as client:
        yield Server(application, client)


async def test_an_erased_person_is_gone_from_everything(tmp_path: Path) -> None:
    async with server(tmp_path) as up:
        worker_id, other, posting = await up.registered(), await up.registered_other(), await up.posting()
        await up.client.post(
            f"/v1/workers/{worker_id}/consents", json={"what": "employers", "how": "paper", "evidence": "册三"}
        )
        changes = {"phone": "15400006819"}
        assert (await up.client.patch(f"/v1/workers/{worker_id}", json=changes, headers={"If-Match": '"2"'})).status_code == 200
        await until(up.holds(posting, worker_id))
        entry = await up.erased(worker_id)
        assert entry == await up.erased(worker_id)
        assert (entry["blind"], entry["version"]) == (blind_id(worker_id), 4)
        assert (await up.client.get(f"/v1/workers/{worker_id}")).status_code == 404
        await until(up.lacks(worker_id))
        assert await up.proposed(posting) == {other}

        async def proven() -> bool:
            return await up.proven(worker_id)

        await until(proven)
        async with up.application.state.workers.store.read() as connection:
            assert set((await traces.count(connection, worker_id)).values()) == {0}
        assert (await up.client.get(f"/v1/workers/{other}/erasure")).status_code == 404


async def test_replaying_the_whole_stream_brings_nobody_back(tmp_path: Path) -> None:
    async with server(tmp_path) as up:
        worker_id, posting = await up.registered(), await up.posting()
        await until(up.holds(posting, worker_id))
        bus = up.application.state.backbone.bus
        history = [message async for message in bus.snapshot([WORKER_PROFILES])]
        await up.erased(worker_id)
        await until(up.lacks(worker_id))
        # Everything again, and a version that no tombstone has seen: only the ledger knows that it must not stand.
        again = [worker_changed(worker_id, version) for version in (1, 2, 50)]
        await published(bus, again)
        marker = await up.registered_other()
        await until(up.holds(posting, marker))
        assert history
        assert worker_id not in await up.indexed() | await up.proposed(posting)


async def test_a_rebuild_brings_nobody_back(tmp_path: Path) -> None:
    async with server(tmp_path) as up:
        worker_id, posting = await up.registered(), await up.posting()
        other = await up.registered_other()
        await until(up.holds(posting, worker_id))
        await up.erased(worker_id)
        await until(up.lacks(worker_id))
        bus, index = up.application.state.backbone.bus, up.application.state.matcher.index
        await published(bus, [worker_changed(worker_id, 60)])
        before = {one.name for one in await index.generations("workers")}
        asked = await rebuilding.ask(index, up.application.state.matcher.segmenter.lexicon.version)
        assert {one.name for one in asked.values()} - before

        async def swapped() -> bool:
            serving_now = {one.name for one in await index.generations("workers") if one.active}
            return not serving_now & before

        await until(swapped)
        await until(up.holds(posting, other))
        assert worker_id not in await up.indexed() | await up.proposed(posting)


async def test_a_restored_backup_is_erased_again_before_it_serves(tmp_path: Path) -> None:
    data, backup = tmp_path / "var", tmp_path / "backup"
    data.mkdir()
    backup.mkdir()
    async with server(data) as up:
        worker_id, other, posting = await up.registered(), await up.registered_other(), await up.posting()
        await until(up.holds(posting, worker_id))
    for file in data.glob("workers.db*"):
        shutil.copy(file, backup)
    async with server(data) as up:
        await up.erased(worker_id)
        await until(up.lacks(worker_id))
    forget(data, "workers.db*")
    for file in backup.iterdir():
        shutil.copy(file, data)
    async with server(data) as up:
        assert (await up.client.get(f"/v1/workers/{worker_id}")).status_code == 404
        assert (await up.client.get(f"/v1/workers/{other}")).status_code == 200
        assert worker_id not in await up.indexed() | await up.proposed(posting)
        service = up.application.state.workers
        async with service.store.read() as connection:
            assert set((await traces.count(connection, worker_id)).values()) == {0}
            assert worker_id not in await service.vault.people.load(connection, [worker_id])


async def test_a_ledger_that_the_bus_lost_is_told_again(tmp_path: Path) -> None:
    async with server(tmp_path) as up:
        worker_id = await up.registered()
        await up.erased(worker_id)
        await until(up.lacks(worker_id))
    forget(tmp_path, "bus.db*")
    async with server(tmp_path) as up:
        ledger = up.application.state.matcher.erased

        async def known() -> bool:
            return bool(ledger.holds(worker_id))

        await until(known)
    bus = open_bus(settings(tmp_path).bus_url)
    try:
        assert [message.key async for message in bus.snapshot([ERASURES])] == [blind_id(worker_id)]
    finally:
        await bus.close()


async def test_a_sheet_brings_nobody_back_but_the_person_may_come(tmp_path: Path) -> None:
    async with server(tmp_path) as up:
        worker_id = await up.registered()
        await up.erased(worker_id)
        sheet = xlsx(table([person(1, 身份证号=NUMBER, 性别="女"), person(2)]))
        taken = (await up.client.post("/v1/workers/imports", files={"file": ("台账.xlsx", sheet)})).json()

        async def done() -> bool:
            return bool((await up.client.get(f"/v1/workers/imports/{taken['id']}")).json()["state"] == "done")

        await until(done)
        report = (await up.client.get(f"/v1/workers/imports/{taken['id']}")).json()
        assert (report["accepted"], report["rejected"]) == (1, 1)
        assert [finding["code"] for finding in report["report"]["findings"] if finding["severity"] == "rejected"] == ["erased"]
        assert await up.registered() != worker_id


async def test_what_is_erased_while_the_stream_waits_is_never_told(tmp_path: Path) -> None:
    """Nothing of a person leaves with the relay once the erasure is committed, not even what waited for it."""
    config = settings(tmp_path)
    async with workers_app.open_migrated(config, CLOCK) as service:
        with acting(Actor("tester", "staff")):
            made = await commands.register(service, Scope.everywhere(), NewWorker(**new_worker()), None)
            worker_id = made.headers["Location"].rpartition("/")[2]
            await erase(service, Scope.everywhere(), worker_id, ErasureRequest())
        bus = open_bus(config.bus_url)
        try:
            await workers_app.relay(service, bus).step()
            told = [message async for message in bus.snapshot([WORKER_PROFILES])]
        finally:
            await bus.close()
    assert [(message.key, message.value) for message in told] == [(worker_id, None)]


async def test_who_is_erased_is_struck_from_the_households_roster(tmp_path: Path) -> None:
    async with server(tmp_path) as up:
        worker_id = await up.registered()
        members = [
            {"name": "余德珍", "relation": "L0", "worker_id": worker_id, "birth_year": 1990},
            {"name": "余某", "relation": "L2"},
        ]
        body = {"code": "530627001", "county_code": "530627", "members": members}
        answer = await up.client.post("/v1/households", json=body)
        assert answer.status_code == 201, answer.text
        await up.erased(worker_id)
        (left,) = (await up.client.get(f"/v1/households/{answer.json()['id']}")).json()["members"]
        assert (left["relation"], left["worker_id"]) == ("L2", None)


async def test_records_that_were_merged_are_erased_together(tmp_path: Path) -> None:
    async with server(tmp_path) as up:
        kept, absorbed = await up.registered(), await up.registered_other()
        body = {"kept_id": kept, "kept_version": 1, "absorbed_id": absorbed, "absorbed_version": 1}
        answer = await up.client.post("/v1/workers/merges", json=body)
        assert answer.status_code == 201, answer.text
        await up.erased(kept)
        assert (await up.client.get(f"/v1/workers/{absorbed}")).status_code == 404
        assert (await up.client.get(f"/v1/workers/{absorbed}/erasure")).json()["erasure"]["blind"] == blind_id(absorbed)
