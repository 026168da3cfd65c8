"""Following up over HTTP: contacts, what is due and why, who is responsible, many at once, and whose business it is."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.bureau import Bureau, bureau

CALL = {"channel": "V1", "outcome": "FU02"}


async def cadre(desk: Bureau, name: str = "陆村长", **changes: Any) -> str:
    """Enter a cadre; the id."""
    body = {"name": name, "phone": "15400008888", "post": "村支书", "county_code": "530627", "township": "乌峰街道"} | changes
    return str((await desk.post("/v1/cadres", body))["id"])


async def tasks(desk: Bureau, **parameters: str | int) -> dict[str, list[str]]:
    """Worker's id -> the codes of the reasons why they stand on the list."""
    page = await desk.get("/v1/followups/tasks", parameters)
    return {item["worker"]["id"]: [reason["code"] for reason in item["reasons"]] for item in page["items"]}


async def test_a_reminder_ends_with_the_next_contact(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        worker_id = await desk.register()
        assert await tasks(desk) == {}
        desk.calendar.day = date(2026, 11, 15)
        assert await tasks(desk) == {worker_id: ["never_contacted"]}
        view = await desk.post(f"/v1/workers/{worker_id}/contacts", {**CALL, "note": "答应去看岗"})
        assert (view["status"], view["status_name"], view["next_on"]) == ("FU02", "已推荐岗位", "2026-11-22")
        assert (view["contacts"][0]["note"], view["contacts"][0]["made_by"]) == ("答应去看岗", "tester")
        assert await tasks(desk) == {}
        desk.calendar.day = date(2026, 11, 24)
        assert await tasks(desk) == {worker_id: ["contact_due"]}
        assert (await desk.get("/v1/followups/overdue"))["total"] == 1
        await desk.post(f"/v1/workers/{worker_id}/contacts", {"channel": "V2", "outcome": "FU06"})
        assert await tasks(desk) == {}
        assert (await desk.get("/v1/followups/overdue"))["items"] == []
        assert (await desk.get(f"/v1/workers/{worker_id}/followup"))["next_on"] == "2026-12-24"
    stored = b"".join(path.read_bytes() for path in _files(tmp_path))
    assert "答应去看岗".encode() not in stored


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name != "vault.key"]


async def test_leaving_the_register_ends_every_reminder_and_coming_back_begins_anew(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        worker_id = await desk.register()
        place = f"/v1/workers/{worker_id}"
        await desk.post(f"{place}/contacts", CALL)
        await desk.post(f"{place}/withdrawal", {"reason": "外嫁"}, status=200)
        desk.calendar.day = date(2027, 11, 1)
        assert await tasks(desk) == {}
        refused = await desk.post(f"{place}/contacts", CALL, status=409)
        assert refused["code"] == "worker_withdrawn"
        await desk.register()
        assert await tasks(desk) == {worker_id: ["never_contacted"]}
        assert len((await desk.get(f"{place}/followup"))["contacts"]) == 1


async def test_who_refuses_to_be_followed_leaves_the_register_at_once(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        worker_id = await desk.register()
        view = await desk.post(f"/v1/workers/{worker_id}/contacts", {"channel": "V1", "outcome": "FU23"})
        assert (view["status"], view["next_on"]) == ("FU23", None)
        worker = await desk.get(f"/v1/workers/{worker_id}")
        assert (worker["state"], worker["withdrawal_reason"]) == ("withdrawn", "跟踪中登记：本人拒绝继续跟踪（撤回同意）")


async def test_a_contact_may_confirm_the_intention(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        worker_id = await desk.register()
        desk.calendar.day = date(2027, 6, 1)
        assert await tasks(desk, reason="intention_stale") == {worker_id: ["never_contacted", "intention_stale"]}
        cadre_id = await cadre(desk)
        await desk.post(f"/v1/workers/{worker_id}/assignment", {"cadre_id": cadre_id}, status=200)
        await desk.post(f"/v1/workers/{worker_id}/contacts", {**CALL, "intention_confirmed": True})
        assert await tasks(desk, reason="intention_stale") == {}
        (latest, _) = (await desk.get(f"/v1/workers/{worker_id}/intentions"))["items"]
        assert (latest["asked_on"], latest["channel"], latest["asked_by"]) == ("2027-06-01", "V1", cadre_id)


async def test_a_certificate_that_ends_is_a_reason_until_it_is_renewed(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        paper = {"name": "健康证", "expires_on": "2026-12-15"}
        worker_id = await desk.register(stated={"certificates": [paper]})
        assert await tasks(desk) == {worker_id: ["certificate_ends"]}
        renewed = {"stated": {"certificates": [paper | {"expires_on": "2027-12-15"}]}}
        await desk.patch(f"/v1/workers/{worker_id}", 1, renewed)
        assert await tasks(desk) == {}


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"channel": "V1", "outcome": "FU99"}, "unknown_code", "/outcome"),
        ({"channel": "Z", "outcome": "FU02"}, "unknown_code", "/channel"),
        (CALL | {"on": "2026-11-02"}, "date_to_come", "/on"),
        (CALL | {"next_on": "2026-10-01"}, "ends_before_it_begins", "/next_on"),
        ({"channel": "V1", "outcome": "FU19"}, "note_needed", "/note"),
        ({"channel": "V1", "outcome": "FU22", "next_on": "2026-12-01"}, "nothing_due_after_closing", "/next_on"),
    ],
)
async def test_what_a_contact_cannot_be_is_refused(tmp_path: Path, body: Any, code: str, pointer: str) -> None:
    async with bureau(tmp_path) as desk:
        worker_id = await desk.register()
        refused = await desk.post(f"/v1/workers/{worker_id}/contacts", body, status=400)
        assert [(error["code"], error["pointer"]) for error in refused["errors"]] == [(code, pointer)]
        assert (await desk.get(f"/v1/workers/{worker_id}/followup"))["contacts"] == []


async def test_each_cadre_has_a_list_and_the_overdue_report_names_them(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        ids = [await desk.register(sequence) for sequence in range(2, 8)]
        mine, other = await cadre(desk), await cadre(desk, "李队长", township="泼机镇")
        await desk.post("/v1/followups/bulk", {"worker_ids": ids[:3], "assign": {"cadre_id": mine}}, status=200)
        await desk.post("/v1/followups/bulk", {"worker_ids": ids[3:5], "assign": {"cadre_id": other}}, status=200)
        made = await desk.post("/v1/followups/bulk", {"worker_ids": ids, "contact": CALL}, status=200)
        assert (sorted(made["done"]), made["not_done"]) == (sorted(ids), [])
        desk.calendar.day = date(2026, 11, 20)
        assert set(await tasks(desk, cadre_id=mine)) == set(ids[:3])
        assert set(await tasks(desk, cadre_id="")) == set(ids[5:])
        report = await desk.get("/v1/followups/overdue")
        assert [(row["cadre_name"], row["overdue"], row["up_to_a_month"], row["oldest_due_on"]) for row in report["items"]] == [
            ("陆村长", 3, 3, "2026-11-08"),
            ("李队长", 2, 2, "2026-11-08"),
            ("", 1, 1, "2026-11-08"),
        ]
        later = {"worker_ids": ids[:2], "postpone": {"next_on": "2026-12-01"}}
        await desk.post("/v1/followups/bulk", later, status=200)
        assert set(await tasks(desk, cadre_id=mine)) == {ids[2]}
        made_by = (await desk.get(f"/v1/workers/{ids[0]}/followup"))["contacts"][0]["made_by"]
        assert made_by == mine


async def test_many_at_once_are_named_one_by_one_and_who_is_not_meant_is_told(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        here, gone = await desk.register(2), await desk.register(3)
        elsewhere = await desk.register(4, county_code="530326")
        await desk.post(f"/v1/workers/{gone}/withdrawal", {}, status=200)
        body = {"worker_ids": [here, gone, elsewhere, "w_none"], "contact": CALL}
        result = await desk.post("/v1/followups/bulk", body, by="zhenxiong", status=200)
        assert result["done"] == [here]
        assert {one["worker_id"]: one["code"] for one in result["not_done"]} == {
            gone: "worker_withdrawn",
            elsewhere: "worker_not_found",
            "w_none": "worker_not_found",
        }
        for wrong, code in (
            ({"worker_ids": [here]}, "one_action"),
            ({"worker_ids": [here], "contact": CALL, "assign": {"cadre_id": None}}, "one_action"),
            ({"worker_ids": [here, here], "contact": CALL}, "repeated"),
            ({"worker_ids": [], "contact": CALL}, "too_short"),
            ({"worker_ids": [f"w_{n}" for n in range(501)], "contact": CALL}, "too_long"),
            ({"worker_ids": [here], "assign": {"cadre_id": "c_none"}}, "unknown_cadre"),
            ({"worker_ids": [here], "postpone": {"next_on": "2026-10-31"}}, "date_gone"),
        ):
            refused = await desk.post("/v1/followups/bulk", wrong, status=400)
            assert refused["errors"][0]["code"] == code


async def test_another_countys_people_are_not_found(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        worker_id, cadre_id = await desk.register(), await cadre(desk)
        desk.calendar.day = date(2027, 11, 1)
        assert await tasks(desk) != {}
        assert (await desk.get("/v1/followups/tasks", by="huize"))["items"] == []
        await desk.post(f"/v1/workers/{worker_id}/contacts", CALL, by="huize", status=404)
        await desk.get(f"/v1/workers/{worker_id}/followup", by="huize", status=404)
        await desk.get(f"/v1/cadres/{cadre_id}", by="huize", status=404)
        assert (await desk.get("/v1/cadres", by="huize"))["items"] == []
        outside = {"name": "王某", "county_code": "530627"}
        assert (await desk.post("/v1/cadres", outside, by="huize", status=403))["code"] == "outside_region"


async def test_pages_of_tasks_show_everybody_once_those_due_longest_first(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        ids = [await desk.register(sequence) for sequence in range(2, 9)]
        for day, worker_id in zip((9, 5, 7), ids, strict=False):
            await desk.post(f"/v1/workers/{worker_id}/contacts", {**CALL, "next_on": f"2026-11-{day:02d}"})
        desk.calendar.day = date(2026, 12, 1)
        seen: list[str] = []
        cursor: dict[str, str | int] = {}
        while True:
            page = await desk.get("/v1/followups/tasks", {"limit": 2} | cursor)
            seen += [item["worker"]["id"] for item in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = {"cursor": page["next_cursor"]}
        assert seen[:3] == [ids[1], ids[2], ids[0]]
        assert sorted(seen) == sorted(ids)
        await desk.get("/v1/followups/tasks", {"reason": "contact_due"} | cursor, status=400)


async def test_a_cadre_is_amended_by_version_and_keeps_no_new_workers_when_gone(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        cadre_id, worker_id = await cadre(desk), await desk.register()
        assert (await desk.get(f"/v1/cadres/{cadre_id}"))["phone"] == "154****8888"
        await desk.patch(f"/v1/cadres/{cadre_id}", 2, {"active": False}, status=412)
        gone = await desk.patch(f"/v1/cadres/{cadre_id}", 1, {"active": False})
        assert (gone["active"], gone["version"]) == (False, 2)
        refused = await desk.post(f"/v1/workers/{worker_id}/assignment", {"cadre_id": cadre_id}, status=400)
        assert refused["errors"][0]["code"] == "unknown_cadre"
