"""/v1/workers seen by callers of different regions: what is out of scope does not exist."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.kernel.http.application import create_application
from services.workers.app import part
from tests.builders import CLOCK, Callers, as_caller, serving, settings, staff_of
from tests.registers import desk, identity_number, person, table, xlsx

ZHENXIONG, YILIANG, CHUXIONG = "530627", "530628", "532301"


def body(county_code: str, sequence: int = 1) -> dict[str, str]:
    """A person of that county."""
    return {"name": "余德珍", "identity_number": identity_number(sequence=sequence), "county_code": county_code}


CALLERS = {
    "zhenxiong": staff_of(ZHENXIONG),
    "yiliang": staff_of(YILIANG),
    "zhaotong": staff_of("530600"),
    "province": staff_of("530000"),
    "nowhere": staff_of(),
}


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    parts = [part(settings(tmp_path), CLOCK)]
    async with serving(create_application(title="人员", parts=parts, authenticator=Callers(CALLERS))) as serving_client:
        yield serving_client


async def test_a_person_elsewhere_is_not_found_not_listed_not_counted(client: httpx.AsyncClient) -> None:
    registered = await client.post("/v1/workers", json=body(ZHENXIONG), headers=as_caller("zhenxiong"))
    path = registered.headers["location"]
    for caller, sees in (("zhenxiong", True), ("zhaotong", True), ("province", True), ("yiliang", False), ("nowhere", False)):
        headers = as_caller(caller)
        assert (await client.get(path, headers=headers)).status_code == (200 if sees else 404)
        assert len((await client.get("/v1/workers", headers=headers)).json()["items"]) == sees
        named = await client.get("/v1/workers", params={"county_code": ZHENXIONG}, headers=headers)
        assert len(named.json()["items"]) == sees
        assert (await client.get("/v1/workers/counts", headers=headers)).json()["workers"] == sees


async def test_a_person_elsewhere_is_not_changed(client: httpx.AsyncClient) -> None:
    path = (await client.post("/v1/workers", json=body(ZHENXIONG), headers=as_caller("zhenxiong"))).headers["location"]
    first = as_caller("yiliang") | {"If-Match": '"1"'}
    amended = await client.patch(path, json={"township": "乌峰"}, headers=first)
    withdrawn = await client.post(f"{path}/withdrawal", headers=as_caller("yiliang"))
    random = await client.patch("/v1/workers/w_1", json={"township": "乌峰"}, headers=first)
    assert (amended.status_code, withdrawn.status_code) == (404, 404)
    assert amended.json()["code"] == random.json()["code"] == "worker_not_found"
    assert (await client.get(path, headers=as_caller("zhenxiong"))).json()["version"] == 1


async def test_nobody_is_registered_in_or_moved_to_another_region(client: httpx.AsyncClient) -> None:
    outside = await client.post("/v1/workers", json=body(CHUXIONG), headers=as_caller("zhaotong"))
    assert (outside.status_code, outside.json()["code"]) == (403, "outside_region")
    path = (await client.post("/v1/workers", json=body(ZHENXIONG), headers=as_caller("zhaotong"))).headers["location"]
    move, first = {"county_code": CHUXIONG}, {"If-Match": '"1"'}
    refused = await client.patch(path, json=move, headers=as_caller("zhaotong") | first)
    assert (refused.status_code, refused.json()["code"]) == (403, "outside_region")
    moved = await client.patch(path, json=move, headers=as_caller("province") | first)
    assert moved.status_code == 200
    assert (await client.get(path, headers=as_caller("zhaotong"))).status_code == 404


async def test_rows_of_another_county_are_rejected_each_with_its_reason(tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        rows = [person(1), person(2, 县="彝良县"), person(3, 州市="楚雄州", 县="楚雄市")]
        view = await workers.take(xlsx(table(rows)), requester=CALLERS["zhenxiong"])
        assert (view.accepted, view.rejected) == (1, 2)
        assert {(finding.row, finding.code, finding.column) for finding in view.report.findings} == {
            (3, "outside_region", "县"),
            (4, "outside_region", "县"),
        }


async def test_an_import_does_not_take_over_who_is_held_elsewhere(tmp_path: Path) -> None:
    async with desk(tmp_path) as workers:
        await workers.take(xlsx(table([person(1, 县="彝良县")])), requester=CALLERS["yiliang"])
        view = await workers.take(xlsx(table([person(1)])), requester=CALLERS["zhenxiong"])
        assert [finding.code for finding in view.report.findings] == ["held_elsewhere"]
        assert (await workers.held("A0001")).profile.county_code == YILIANG


async def test_an_import_is_seen_by_who_made_it_and_by_who_is_above(client: httpx.AsyncClient) -> None:
    file = {"file": ("台账.xlsx", xlsx(table([person(1, 县="彝良县")])))}
    made = await client.post("/v1/workers/imports", files=file, headers=as_caller("zhenxiong"))
    path = made.headers["location"]
    seen = {name: (await client.get(path, headers=as_caller(name))).status_code for name in CALLERS}
    assert seen == {"zhenxiong": 200, "yiliang": 404, "zhaotong": 200, "province": 200, "nowhere": 404}
    report = await client.get(f"{path}/report.xlsx", headers=as_caller("yiliang"))
    assert report.status_code == 404
