"""The public feed and an employer's own changes: snapshots, cursors, filters, tombstones, nothing lost."""

import asyncio
import gzip
import json
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.jobs.lifecycle.sweep import Sweep
from services.kernel.http.local_credential import LocalCredential
from tests.builders import new_posting
from tests.embedded_server import embedded_server
from tests.principals import bearer
from tests.services.jobs_service import Served, jobs_service
from tests.services.test_employers_api import uscc

SEED = 20261101


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with jobs_service(tmp_path) as service:
        yield service


async def _post(served: Served, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
    response = await served.client.post(path, json=body, headers=headers)
    assert response.status_code in (200, 201), response.text
    answer: dict[str, Any] = response.json()
    return answer


async def _snapshot(served: Served, **filters: str) -> tuple[list[dict[str, Any]], str]:
    response = await served.client.get("/v1/feed/snapshot", params=filters)
    assert response.headers["content-type"] == "application/gzip"
    *lines, end = map(json.loads, gzip.decompress(response.content).splitlines())
    assert (end["end"], end["count"]) == (True, len(lines))
    return lines, end["cursor"]


async def _changes(served: Served, after: str, **filters: str) -> tuple[list[tuple[str, str]], str]:
    """(op, id) of everything after a cursor, and the next one."""
    told: list[tuple[str, str]] = []
    while True:
        page = (await served.client.get("/v1/feed/changes", params=filters | {"after": after, "limit": "2"})).json()
        told += [(item["op"], item["id"]) for item in page["items"]]
        after = page["next"]
        if not page["more"]:
            return told, after


async def test_a_snapshot_and_what_follows_it(served: Served) -> None:
    one = await _post(served, "/v1/postings", new_posting(number="1"))
    lines, cursor = await _snapshot(served)
    assert [(line["op"], line["id"], line["document"]["title"]) for line in lines] == [("upsert", one["id"], one["title"])]
    assert await _changes(served, cursor) == ([], cursor)
    two = await _post(served, "/v1/postings", new_posting(number="2"))
    await _post(served, f"/v1/postings/{one['id']}/withdrawal")
    told, after = await _changes(served, cursor)
    assert told == [("upsert", two["id"]), ("remove", one["id"])]
    await _post(served, f"/v1/postings/{two['id']}/pause")
    await _post(served, f"/v1/postings/{two['id']}/resumption")
    assert (await _changes(served, after))[0] == [("remove", two["id"]), ("upsert", two["id"])]


async def test_what_is_not_for_everybody_is_not_in_the_feed(served: Served) -> None:
    await served.employer("sandbox", uscc=uscc(1))
    _lines, cursor = await _snapshot(served)
    await _post(served, "/v1/postings", new_posting(number="1", intent="draft"))
    await _post(served, "/v1/postings", new_posting(employer_name=None), **bearer("sandbox"))
    window = await _post(served, "/v1/postings", new_posting(number="2", priority_window_days=1))
    assert (await _changes(served, cursor))[0] == []
    served.clock.move(days=1)
    await Sweep(served.jobs.store, served.jobs.audit, served.clock).step()
    assert (await _changes(served, cursor))[0] == [("upsert", window["id"])]
    assert [line["id"] for line in (await _snapshot(served))[0]] == [window["id"]]


async def test_a_contact_is_in_no_feed(served: Served) -> None:
    words = {"description": "找王姐 13800001111"}
    contact = {"name": "欧阳静娴", "phone": "13800002222", "other": ""}
    await _post(served, "/v1/postings", new_posting(words=words, contact=contact))
    lines, _cursor = await _snapshot(served)
    for number in ("13800001111", "13800002222", "欧阳静娴"):
        assert number not in str(lines)


async def test_a_filter_sees_what_leaves_it(served: Served) -> None:
    shanghai = {"province_code": "310000"}
    _lines, cursor = await _snapshot(served, **shanghai)
    here = await _post(served, "/v1/postings", new_posting(number="1"))
    await _post(served, "/v1/postings", new_posting(number="2", division_code="530627"))
    told, after = await _changes(served, cursor, **shanghai)
    assert told == [("upsert", here["id"])]
    path = f"/v1/postings/{here['id']}"
    moved = await served.client.patch(path, json={"division_code": "530627"}, headers={"If-Match": '"1"'})
    assert moved.status_code == 200
    page = (await served.client.get("/v1/feed/changes", params=shanghai | {"after": after})).json()
    (gone,) = page["items"]
    assert (gone["op"], gone["keys"]["province_code"], gone["document"]) == ("remove", "310000", None)
    await _post(served, f"/v1/postings/{here['id']}/withdrawal")
    assert (await _changes(served, page["next"], **shanghai))[0] == []
    yunnan = {"province_code": "530000"}
    assert [line["keys"]["province_code"] for line in (await _snapshot(served, **yunnan))[0]] == ["530000"]


@pytest.mark.parametrize(
    ("filters", "code"),
    [({"province_code": "999999"}, "unknown_code"), ({"kind": "x"}, "unknown_code"), ({"scheme": "京滇"}, "invalid_input")],
)
async def test_unknown_filters_are_named(served: Served, filters: dict[str, str], code: str) -> None:
    response = await served.client.get("/v1/feed/snapshot", params=filters)
    assert (response.status_code, response.json()["code"]) == (400, code)


async def test_a_cursor_fits_its_filters_and_is_kept_for_a_while(served: Served) -> None:
    await _post(served, "/v1/postings", new_posting(number="1"))
    _lines, cursor = await _snapshot(served)
    other = await served.client.get("/v1/feed/changes", params={"after": cursor, "kind": "ordinary"})
    assert other.json()["code"] == "bad_cursor"
    await _post(served, "/v1/postings", new_posting(number="2", valid_until=None))
    await _post(served, "/v1/postings", new_posting(number="3", valid_until=None))
    served.clock.move(days=91)
    sweep = Sweep(served.jobs.store, served.jobs.audit, served.clock)
    while await sweep.step():
        pass
    late = await served.client.get("/v1/feed/changes", params={"after": cursor})
    assert (late.status_code, late.json()["code"]) == (410, "cursor_expired")
    _again, fresh = await _snapshot(served)
    assert (await served.client.get("/v1/feed/changes", params={"after": fresh})).json()["items"] == []


async def test_an_employer_follows_its_own_postings(served: Served) -> None:
    for number, name in enumerate(("mine", "other"), start=1):
        await served.employer(name, uscc=uscc(number), sandbox=False)
    body = new_posting(employer_name=None, external_reference="A-1")
    made = await _post(served, "/v1/postings", body, **bearer("mine"))
    await _post(served, "/v1/postings", body, **bearer("other"))
    first = await served.client.get("/v1/changes", headers=bearer("mine"))
    (item,) = first.json()["items"]
    assert (item["id"], item["kind"], item["external_reference"], item["removed"]) == (made["id"], "posting", "A-1", False)
    same = await served.client.get("/v1/changes", headers=bearer("mine") | {"If-None-Match": first.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    await _post(served, f"/v1/postings/{made['id']}/withdrawal", {"reason_code": "filled"}, **bearer("mine"))
    again = await served.client.get("/v1/changes", headers=bearer("mine") | {"If-None-Match": first.headers["etag"]})
    assert len(again.json()["items"]) == 2
    news = await served.client.get("/v1/changes", params={"after": first.json()["next"]}, headers=bearer("mine"))
    (gone,) = news.json()["items"]
    assert (gone["removed"], gone["document"], gone["reason_code"], gone["external_reference"]) == (True, None, "filled", "A-1")
    assert gone["keys"]["province_code"] == "310000"


def _follow(url: str, token: str, state: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.services.feed_follower", url, token, str(state)]
    return subprocess.Popen(command)  # noqa: S603 - our own interpreter


def test_a_follower_that_is_killed_again_and_again_loses_nothing(tmp_path: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311 - which posting changes next
    state = tmp_path / "state.json"
    with embedded_server(tmp_path) as url:
        token = LocalCredential.read(tmp_path)
        with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
            ids: list[str] = []
            for turn in range(6):
                follower = _follow(url, token, state)
                for number in range(15):
                    ids.append(client.post("/v1/postings", json=new_posting(number=f"{turn}-{number}")).json()["id"])
                    if len(ids) % 3 == 0:
                        client.post(f"/v1/postings/{ids.pop(chance.randrange(len(ids)))}/withdrawal").raise_for_status()
                    time.sleep(chance.uniform(0, 0.04))
                follower.kill()
                follower.wait()
            public = _public(client)
            follower = _follow(url, token, state)
            while not state.exists() or json.loads(state.read_text("utf-8"))["versions"] != public:
                assert follower.poll() is None
                time.sleep(0.05)
            follower.kill()
            follower.wait()
    assert set(public) == set(ids)


def _public(client: httpx.Client) -> dict[str, int]:
    lines = gzip.decompress(client.get("/v1/feed/snapshot").content).splitlines()
    return {line["id"]: line["version"] for line in map(json.loads, lines) if "id" in line}


async def test_a_snapshot_is_of_one_moment(served: Served) -> None:
    """What changes while it is read is in what follows, whole."""
    for number in range(8):
        await _post(served, "/v1/postings", new_posting(number=str(number)))

    async def change() -> None:
        for number in range(8, 16):
            await _post(served, "/v1/postings", new_posting(number=str(number)))

    (lines, cursor), _ = await asyncio.gather(_snapshot(served), change())
    told, _after = await _changes(served, cursor)
    seen = {line["id"] for line in lines} | {key for _op, key in told}
    assert len(seen) == 16
    assert not {line["id"] for line in lines} & {key for _op, key in told}
