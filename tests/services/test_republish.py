"""A bus that lost everything is filled again from the databases, in versions that the index takes."""

import json
import shutil
from pathlib import Path

import httpx
import pytest

from services.cli import embedded
from services.contracts.topics import TOPICS
from services.kernel.bus import open_bus
from services.kernel.index import open_index
from services.matcher.indexer.documents import Collection
from tests.builders import CLOCK, new_posting, serving, settings
from tests.contract.streams import until
from tests.processes import yungong
from tests.registers import new_worker

COLLECTIONS = {"workers": Collection.WORKERS, "postings": Collection.POSTINGS}


async def made(http: httpx.AsyncClient, path: str, body: dict[str, object]) -> tuple[str, str]:
    """Id and ETag of what was created."""
    answer = await http.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"], answer.headers["ETag"]


async def searchable(http: httpx.AsyncClient, workers: int, postings: int) -> None:
    """Wait until so many are found and nothing is under way."""

    async def there() -> bool:
        found = (await http.get("/v1/index/status")).json()
        waiting = [(await http.get(f"/v1/{kind}/counts")).json()["unpublished"] for kind in ("workers", "postings")]
        return (found["workers"], found["postings"]) == (workers, postings) and not any([*found["lag"].values(), *waiting])

    await until(there)


async def versions(data: Path, ids: list[str]) -> dict[str, int]:
    """Id → version, of those that the index shows."""
    index = open_index(settings(data).index_url)
    found = {id_: hit.version for name in COLLECTIONS for id_, hit in (await index.get(name, ids)).items()}
    await index.close()
    return found


def lose_the_bus(data: Path) -> None:
    for lost in data.glob("bus.db*"):
        lost.unlink()


@pytest.mark.timeout(120)
async def test_a_lost_bus_is_filled_again_from_the_databases(tmp_path: Path) -> None:
    async with serving(embedded.build(settings(tmp_path), CLOCK), tmp_path) as http:
        changed, etag = await made(http, "/v1/workers", new_worker())
        amended = await http.patch(f"/v1/workers/{changed}", json={"township": "芒部镇"}, headers={"If-Match": etag})
        assert amended.status_code == 200, amended.text
        gone, _ = await made(http, "/v1/workers", new_worker(2))
        assert (await http.post(f"/v1/workers/{gone}/withdrawal", json={"reason": "不再找工作"})).status_code == 200
        posting, _ = await made(http, "/v1/postings", new_posting())
        await searchable(http, 1, 1)
    ids = [changed, gone, posting]
    before = await versions(tmp_path, ids)
    assert before == {changed: 2, posting: 1}

    lose_the_bus(tmp_path)
    told = yungong(tmp_path, "republish", "--json")
    assert (told.returncode, json.loads(told.stdout)) == (0, {"workers": 2, "jobs": 1}), told.stderr
    async with serving(embedded.build(settings(tmp_path), CLOCK), tmp_path) as http:
        await searchable(http, 1, 1)
    assert await versions(tmp_path, ids) == before  # an index that was there takes it as known

    shutil.rmtree(tmp_path / "index")
    async with serving(embedded.build(settings(tmp_path), CLOCK), tmp_path) as http:
        await searchable(http, 1, 1)
    assert await versions(tmp_path, ids) == before  # a new one is built from what was told again
    bus = open_bus(settings(tmp_path).bus_url)
    assert {message.key async for message in bus.snapshot(TOPICS)} == set(ids)
    await bus.close()


def test_without_its_tables_or_its_key_it_says_what_is_missing(tmp_path: Path) -> None:
    refused = yungong(tmp_path, "republish", "jobs")
    assert (refused.returncode, "yungong migrate jobs" in refused.stderr) == (1, True)
    assert yungong(tmp_path, "migrate").returncode == 0
    assert yungong(tmp_path, "republish").returncode == 0
    (tmp_path / "vault.key").unlink()
    refused = yungong(tmp_path, "republish", "workers")
    assert (refused.returncode, "密钥" in refused.stderr) == (1, True)
