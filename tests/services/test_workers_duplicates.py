"""Likely duplicates: found with a reason, told apart, merged with their history, and parted again within thirty days."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.kernel.http.application import create_application
from services.kernel.http.local_credential import LocalCredential
from services.workers import app as workers_app
from services.workers.duplicates.merging import UNDONE_WITHIN
from tests.builders import CLOCK, serving, settings
from tests.registers import identity_number
from tests.services.test_workers_api import new_worker

BORN = date(1985, 3, 4)


class Later:
    """The tests' clock, a while on."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return CLOCK.now() + self.ahead

    def today(self) -> date:
        return self.now().date()


@pytest.fixture
def clock() -> Later:
    return Later()


@pytest.fixture
async def client(tmp_path: Path, clock: Later) -> AsyncIterator[httpx.AsyncClient]:
    part = workers_app.part(settings(tmp_path), clock)
    application = create_application(title="人", parts=[part], authenticator=LocalCredential.ensure(tmp_path))
    async with serving(application, tmp_path) as serving_client:
        yield serving_client


async def worker(client: httpx.AsyncClient, sequence: int, **changes: Any) -> dict[str, Any]:
    body = new_worker(identity_number=identity_number(BORN, sequence), sex=None, number=f"D{sequence}", **changes)
    answer = await client.post("/v1/workers", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def likely(client: httpx.AsyncClient, reason: str) -> list[list[str]]:
    """The numbers in the register of those listed together."""
    answer = await client.get("/v1/workers/duplicates", params={"reason": reason})
    assert answer.status_code == 200, answer.text
    return [[one["number"] for one in group["workers"]] for group in answer.json()["items"]]


def merging(kept: dict[str, Any], absorbed: dict[str, Any]) -> dict[str, Any]:
    versions = {"kept_version": kept["version"], "absorbed_version": absorbed["version"]}
    return {"kept_id": kept["id"], "absorbed_id": absorbed["id"], **versions}


async def test_who_is_alike_is_listed_with_the_reason(client: httpx.AsyncClient) -> None:
    await worker(client, 1, phone="15400000001")
    await worker(client, 2, phone="15400000002")
    await worker(client, 3, name="别人", phone="15400000002")
    await worker(client, 4, phone="15400000004", county_code="530326")
    assert await likely(client, "same_name_and_birth") == [["D1", "D2"]]
    assert await likely(client, "shared_phone") == [["D2", "D3"]]
    told = (await client.get("/v1/workers/duplicates")).json()["items"][0]
    assert told["because"] == "姓名、出生日期和县都相同，村也相同"
    assert {one["name"] for one in told["workers"]} == {"余**"}


async def test_who_was_told_apart_is_not_listed_again(client: httpx.AsyncClient) -> None:
    one, other, third = [await worker(client, number) for number in (1, 2, 3)]
    apart = {"worker_ids": [other["id"], one["id"]]}
    assert (await client.post("/v1/workers/duplicates/different", json=apart)).status_code == 204
    assert await likely(client, "same_name_and_birth") == [["D1", "D2", "D3"]], "the third is not told apart yet"
    apart = {"worker_ids": [one["id"], other["id"], third["id"]]}
    assert (await client.post("/v1/workers/duplicates/different", json=apart)).status_code == 204
    assert await likely(client, "same_name_and_birth") == []


async def test_a_merge_fills_what_is_not_said_and_keeps_both_histories(client: httpx.AsyncClient) -> None:
    kept = await worker(client, 1, phone="", words={"certificates": "电工证"})
    absorbed = await worker(
        client,
        2,
        phone="15400000002",
        words={"remark": "会做饭", "certificates": "健康证"},
        stated={"certificates": [{"name": "保安员证"}], "languages": ["彝语"]},
    )
    done = await client.post("/v1/workers/merges", json=merging(kept, absorbed))
    assert done.status_code == 201, done.text
    told = done.json()["kept"]
    assert (told["phone"], told["words"]["remark"], told["words"]["certificates"]) == ("154****0002", "会做饭", "电工证")
    assert told["stated"]["certificates"] is None, "stated papers would silence the kept record's words about papers"
    assert told["stated"]["languages"] == ["彝语"]
    gone = (await client.get(f"/v1/workers/{absorbed['id']}")).json()
    assert (gone["state"], gone["withdrawal_reason"]) == ("withdrawn", f"与 {kept['id']} 合并")
    assert await likely(client, "same_name_and_birth") == []
    versions = (await client.get(f"/v1/workers/{absorbed['id']}/versions")).json()["items"]
    assert [one["version"] for one in versions] == [2, 1]


async def test_an_undone_merge_leaves_both_as_they_were(client: httpx.AsyncClient, clock: Later) -> None:
    kept = await worker(client, 1, phone="")
    absorbed = await worker(client, 2, phone="15400000002", words={"remark": "会做饭", "experience": "保洁三年"})
    merge = (await client.post("/v1/workers/merges", json=merging(kept, absorbed))).json()
    clock.ahead = timedelta(days=3)
    changes = {"words": {"experience": "保洁五年"}}
    seen = {"If-Match": f'"{merge["kept"]["version"]}"'}
    assert (await client.patch(f"/v1/workers/{kept['id']}", json=changes, headers=seen)).status_code == 200
    undone = await client.post(f"/v1/workers/merges/{merge['id']}/undoing")
    assert undone.status_code == 200, undone.text
    alone = undone.json()["kept"]
    assert alone["phone"] == ""
    assert alone["words"] == kept["words"] | {"experience": "保洁五年"}, "what was changed since stays"
    back = (await client.get(f"/v1/workers/{absorbed['id']}")).json()
    assert (back["state"], back["phone"], back["words"]["remark"]) == ("registered", "154****0002", "会做饭")
    again = await client.post(f"/v1/workers/merges/{merge['id']}/undoing")
    assert (again.status_code, again.json()["code"]) == (409, "merge_stands")


async def test_after_thirty_days_a_merge_stands(client: httpx.AsyncClient, clock: Later) -> None:
    kept, absorbed = await worker(client, 1), await worker(client, 2)
    merge = (await client.post("/v1/workers/merges", json=merging(kept, absorbed))).json()
    clock.ahead = UNDONE_WITHIN + timedelta(seconds=1)
    refused = await client.post(f"/v1/workers/merges/{merge['id']}/undoing")
    assert (refused.status_code, refused.json()["code"]) == (409, "merge_stands")


async def test_what_was_not_seen_is_not_merged(client: httpx.AsyncClient) -> None:
    kept, absorbed = await worker(client, 1), await worker(client, 2)
    stale = merging(kept, absorbed) | {"absorbed_version": 7}
    assert (await client.post("/v1/workers/merges", json=stale)).status_code == 412
    itself = merging(kept, kept)
    assert (await client.post("/v1/workers/merges", json=itself)).json()["errors"][0]["code"] == "same_record"
    nobody = merging(kept, absorbed) | {"absorbed_id": "w_nobody"}
    assert (await client.post("/v1/workers/merges", json=nobody)).status_code == 404
    assert (await client.post("/v1/workers/merges/mg_nothing/undoing")).json()["code"] == "merge_not_found"


async def test_declarations_come_back_with_the_person(client: httpx.AsyncClient) -> None:
    kept, absorbed = await worker(client, 1), await worker(client, 2)
    path = f"/v1/workers/{absorbed['id']}"
    consent = {"what": "employers", "given_on": "2026-10-01", "how": "paper"}
    given = await client.post(f"{path}/consents", json=consent)
    assert given.status_code == 201, given.text
    absorbed = (await client.get(path)).json()
    merge = (await client.post("/v1/workers/merges", json=merging(kept, absorbed))).json()
    standing = [one for one in (await client.get(f"{path}/consents")).json()["items"] if one["withdrawn_at"] is None]
    assert standing == []
    assert (await client.post(f"/v1/workers/merges/{merge['id']}/undoing")).status_code == 200
    standing = [one for one in (await client.get(f"{path}/consents")).json()["items"] if one["withdrawn_at"] is None]
    assert len(standing) == 1
