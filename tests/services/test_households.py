"""Households and those who go together, over HTTP: rosters, categories in time, nobody in work, parting."""

from datetime import date
from pathlib import Path
from typing import Any

import orjson

from services.contracts.events import WorkerChanged
from services.kernel.store import open_store
from services.workers import tables
from tests.bureau import Bureau, bureau


def of(*members: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The body of a household."""
    category = {"code": "HS02", "since": "2018-01-01", "source": "建档立卡系统"}
    place = {"county_code": "530627", "township": "乌峰街道", "village": "毛坪村"}
    return {"code": "530627001", **place, "members": list(members), "categories": [category]} | changes


async def events(folder: Path) -> list[WorkerChanged]:
    """What was told of workers, in order."""
    store = open_store(f"sqlite+aiosqlite:///{folder / 'workers.db'}")
    async with store.read() as connection:
        rows = list(await connection.execute(tables.outbox.select().order_by(tables.outbox.c.id)))
    await store.close()
    return [WorkerChanged.model_validate(orjson.loads(row.value)) for row in rows if row.value is not None]


async def test_the_category_of_a_household_is_that_of_its_members(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        worker_id = await desk.register(2, household_category="HS07")
        head = {"name": "余德珍", "relation": "L0", "worker_id": worker_id}
        child = {"name": "余小宝", "relation": "L2", "birth_year": 2018, "able": False}
        entered = await desk.post("/v1/households", of(head, child, relocated=True, relocated_to="靖安新区"))
        assert [member["name"] for member in entered["members"]] == ["余**", "余**"]
        assert (entered["category"], entered["categories"][0]["source"]) == ("HS02", "建档立卡系统")
        worker = await desk.get(f"/v1/workers/{worker_id}")
        assert (worker["household_category"], worker["relocated"], worker["version"]) == ("HS02", True, 2)
        place = f"/v1/households/{entered['id']}"
        new = {"code": "HS04", "since": "2026-10-01", "source": "全国防返贫监测信息系统", "risk": "RS1"}
        await desk.post(f"{place}/categories", new, status=428)
        answer = await desk.client.post(
            f"{place}/categories", json=new, headers={"Authorization": "Bearer province", "If-Match": '"1"'}
        )
        body = answer.json()
        assert (body["category"], body["risk"], body["version"]) == ("HS04", "RS1", 2)
        assert [(one["code"], one["until"]) for one in body["categories"]] == [("HS02", "2026-09-30"), ("HS04", None)]
        assert (await desk.get(f"/v1/workers/{worker_id}/household"))["id"] == entered["id"]
        assert (await desk.get(f"/v1/workers/{worker_id}"))["household_category"] == "HS04"
    assert [event.household_category for event in await events(tmp_path)] == ["HS07", "HS02", "HS04"]
    stored = b"".join(path.read_bytes() for path in _files(tmp_path))
    for secret in ("余小宝", "靖安新区", "毛坪村"):
        assert secret.encode() not in stored


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name != "vault.key"]


async def test_nobody_in_work_is_seen_by_the_records_and_found(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        first, second = await desk.register(2), await desk.register(3)
        mother = {"name": "余德珍", "relation": "L0", "worker_id": first, "able": True}
        father = {"name": "罗某", "relation": "L1", "able": True, "at_work": False}
        household = await desk.post("/v1/households", of(mother, father))
        other = {"name": "李某", "relation": "L0", "worker_id": second, "able": True}
        unsure = await desk.post("/v1/households", of(other, {"name": "李二", "relation": "L2"}, code="530627002"))
        assert (household["zero_employment"], unsure["zero_employment"]) == (True, None)

        async def found(flag: str) -> list[str]:
            page = await desk.get("/v1/households", {"zero_employment": flag})
            assert {one["zero_employment"] for one in page["items"]} <= {flag == "true"}
            return [one["id"] for one in page["items"]]

        assert (await found("true"), await found("false")) == ([household["id"]], [])
        await desk.patch(
            f"/v1/workers/{first}", (await desk.get(f"/v1/workers/{first}"))["version"], {"employment_status": "S5"}
        )
        assert (await found("true"), await found("false")) == ([], [household["id"]])
        assert (await desk.get(f"/v1/households/{household['id']}"))["zero_employment"] is False


async def test_a_person_is_in_one_household_and_codes_are_one_in_a_county(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        worker_id = await desk.register(2)
        member = {"name": "余德珍", "relation": "L0", "worker_id": worker_id}
        first = await desk.post("/v1/households", of(member))
        for body in (of(member, code="530627002"), of()):
            assert (await desk.post("/v1/households", body, status=409))["code"] == "household_taken"
        await desk.post("/v1/households", of(county_code="530326"))
        elsewhere = of({"name": "某", "relation": "L0", "worker_id": worker_id}, code="X", county_code="530326")
        assert (await desk.post("/v1/households", elsewhere, by="huize", status=404))["code"] == "worker_not_found"
        assert (await desk.post("/v1/households", of(code="Y"), by="huize", status=403))["code"] == "outside_region"
        place = f"/v1/households/{first['id']}"
        await desk.get(place, by="huize", status=404)
        await desk.patch(place, 2, {"township": "泼机镇"}, status=412)
        moved = await desk.patch(place, 1, {"township": "泼机镇", "members": []})
        assert (moved["township"], moved["members"], moved["village"]) == ("泼机镇", [], "毛坪村")
        await desk.post("/v1/households", of(member, code="530627002"))
        refused = await desk.patch(place, 2, {"categories": [{"code": "HS02", "since": "2027-01-01"}]}, status=400)
        assert refused["errors"][0]["code"] == "date_to_come"
        assert len((await desk.get("/v1/households", by="huize"))["items"]) == 1


async def test_who_is_erased_is_a_row_deleted_and_the_household_stands(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        head, child = {"name": "余德珍", "relation": "L0"}, {"name": "余小宝", "relation": "L2"}
        entered = await desk.post("/v1/households", of(head, child))
        store = open_store(f"sqlite+aiosqlite:///{tmp_path / 'workers.db'}")
        async with store.write() as connection:
            members = tables.household.members
            await connection.execute(members.delete().where(members.c.position == 0))
        await store.close()
        read = await desk.get(f"/v1/households/{entered['id']}")
        assert [member["relation"] for member in read["members"]] == ["L2"]


async def test_those_who_go_together_are_told_by_an_id_and_part_when_one_leaves(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        ids = [await desk.register(sequence) for sequence in (2, 3, 4)]
        group = await desk.post("/v1/travel-groups", {"kind": "villagers", "must": True, "worker_ids": ids})
        assert (group["size"], len(group["members"])) == (3, 3)
        another = {"kind": "couple", "worker_ids": [ids[0], await desk.register(5)]}
        assert (await desk.post("/v1/travel-groups", another, status=409))["code"] == "in_another_group"
        place = f"/v1/travel-groups/{group['id']}"
        await desk.get(place, by="huize", status=404)
        await desk.post(f"/v1/workers/{ids[0]}/contacts", {"channel": "V1", "outcome": "FU23"})
        assert (await desk.get(place))["size"] == 2
        assert (await desk.get(f"/v1/workers/{ids[0]}"))["travel_group"] is None
        await desk.post(f"/v1/workers/{ids[1]}/withdrawal", {}, status=200)
        await desk.get(place, status=404)
        assert (await desk.get(f"/v1/workers/{ids[2]}"))["travel_group"] is None
    last = [event.travel_group for event in await events(tmp_path) if event.worker_id == ids[2]]
    assert [told and told.size for told in last] == [None, 3, 2, None]


async def test_a_whole_group_may_leave_at_once(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        ids = [await desk.register(sequence) for sequence in (2, 3, 4)]
        await desk.post("/v1/travel-groups", {"kind": "kin", "worker_ids": ids})
        body = {"worker_ids": ids, "contact": {"channel": "V4", "outcome": "FU22"}}
        assert sorted((await desk.post("/v1/followups/bulk", body, status=200))["done"]) == sorted(ids)
        for worker_id in ids:
            worker = await desk.get(f"/v1/workers/{worker_id}")
            assert (worker["state"], worker["travel_group"]) == ("withdrawn", None)
            versions = (await desk.get(f"/v1/workers/{worker_id}/versions"))["items"]
            assert [one["version"] for one in versions] == list(range(worker["version"], 0, -1))


async def test_members_change_and_a_group_is_dissolved(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        ids = [await desk.register(sequence) for sequence in (2, 3, 4)]
        group = await desk.post("/v1/travel-groups", {"kind": "couple", "worker_ids": ids[:2]})
        place = f"/v1/travel-groups/{group['id']}"
        changed = await desk.post(f"{place}/members", {"kind": "kin", "worker_ids": ids[1:]}, status=200)
        assert sorted(member["id"] for member in changed["members"]) == sorted(ids[1:])
        assert (await desk.get(f"/v1/workers/{ids[0]}"))["travel_group"] is None
        await desk.post(f"{place}/dissolution", status=204)
        await desk.get(place, status=404)
        for body, code in (
            ({"kind": "couple", "worker_ids": ids}, "not_a_couple"),
            ({"kind": "kin", "worker_ids": [ids[0], ids[0]]}, "repeated"),
            ({"kind": "kin", "worker_ids": ids[:1]}, "too_short"),
        ):
            assert (await desk.post("/v1/travel-groups", body, status=400))["errors"][0]["code"] == code


async def test_history_holds_what_a_category_was_when(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        worker_id = await desk.register(2)
        await desk.post("/v1/households", of({"name": "余德珍", "relation": "L0", "worker_id": worker_id}))
        desk.calendar.day = date(2026, 12, 1)
        await _recategorised(desk, "HS05")
        assert await _counted(desk, "2026-11-01") == {"HS02": 1}
        assert await _counted(desk, "2026-12-01") == {"HS05": 1}


async def _recategorised(desk: Bureau, code: str) -> None:
    (one,) = (await desk.get("/v1/households"))["items"]
    headers = {"Authorization": "Bearer province", "If-Match": f'"{one["version"]}"'}
    body = {"code": code, "since": "2026-12-01"}
    answer = await desk.client.post(f"/v1/households/{one['id']}/categories", json=body, headers=headers)
    assert answer.status_code == 200, answer.text


async def _counted(desk: Bureau, as_of: str) -> dict[str, int]:
    answer = await desk.get("/v1/workers/statistics", {"by": "category", "as_of": as_of})
    return {cell["key"][0]: cell["workers"] for cell in answer["cells"]}
