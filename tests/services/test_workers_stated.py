"""What clerks state in structure, the versions that a record had, and intentions with their history, over HTTP."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.bureau import bureau, somebody
from tests.registers import identity_number

STATED: dict[str, Any] = {
    "village": "毛坪村",
    "languages": ["彝语", "广东话"],
    "certificates": [
        {"name": "月嫂证", "level": 4, "number": "Y20240011", "issued_on": "2024-03-01", "verified": True},
        {"name": "健康证", "expires_on": "2026-12-01"},
    ],
    "training": [{"course": "母婴护理培训班", "occupation": "H05", "hours": 80, "ended_on": "2024-02-20"}],
    "experience": [{"occupation": "H06", "place_code": "530100", "since": "2020-03-01", "until": "2023-05-01", "wage": 5200}],
    "employment": {"employer": "镇雄某家政公司", "since": "2026-09-01", "wage": 3600, "kind": "T1", "channel": "C3"},
    "health_limits": ["no_heights"],
    "intention": {"occupations": ["H05", "H06"], "places": ["310000", "330000"], "pay_floor": 6000, "blocked_months": [5, 9]},
}


async def test_what_is_stated_is_kept_and_told_beside_the_words(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        worker = await desk.post("/v1/workers", {**somebody(), "stated": STATED, "ethnicity": "07"})
        stated = worker["stated"]
        assert [held["name"] for held in stated["certificates"]] == ["母婴护理员证书", "健康证"]
        assert [held["verified_by"] for held in stated["certificates"]] == ["tester", ""]
        assert stated["languages"] == ["彝语", "粤语"]
        assert stated["intention"]["occupations"] == ["H05", "H06"]
        assert stated["intention"]["live_in"] is None
        assert (worker["ethnicity"], worker["words"]["intention_places"]) == ("07", "上海")
        assert [notice["code"] for notice in worker["notices"]] == ["unknown_area", "certificate_expiring"]
        assert (await desk.get(f"/v1/workers/{worker['id']}")) == worker
    everything = _files(tmp_path)
    for secret in ("毛坪村", "Y20240011", "镇雄某家政公司", "余德珍"):
        assert secret.encode() not in everything


def _files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.name != "vault.key")


@pytest.mark.parametrize(
    ("stated", "code", "pointer"),
    [
        ({"certificates": [{"name": "驾驶飞机证"}]}, "unknown_code", "/stated/certificates/0/name"),
        (
            {"certificates": [{"name": "健康证", "issued_on": "2026-01-02", "expires_on": "2026-01-01"}]},
            "ends_before_it_begins",
            "/stated/certificates/0/expires_on",
        ),
        ({"certificates": [{"name": "健康证"}, {"name": "健康证"}]}, "repeated", "/stated"),
        ({"experience": [{"occupation": "H06", "since": "2027-01-01"}]}, "date_to_come", "/stated/experience/0/since"),
        ({"experience": [{"occupation": "H99"}]}, "unknown_code", "/stated/experience/0/occupation"),
        ({"employment": {"since": "2026-11-02"}}, "date_to_come", "/stated/employment/since"),
        ({"employment": {"wage": -1}}, "greater_than_equal", "/stated/employment/wage"),
        ({"languages": ["火星语"]}, "unknown_code", "/stated/languages/0"),
        ({"health_limits": ["tired"]}, "unknown_code", "/stated/health_limits/0"),
        ({"intention": {"blocked_months": [13]}}, "less_than_equal", "/stated/intention/blocked_months/0"),
        ({"intention": {"occupations": ["H05", "H05"]}}, "repeated", "/stated/intention/occupations"),
        (
            {"intention": {"occupations": ["H05"], "occupations_refused": ["H05"]}},
            "wanted_and_refused",
            "/stated/intention/occupations_refused",
        ),
        ({"intention": {"places": ["999999"]}}, "unknown_code", "/stated/intention/places/0"),
        (
            {"intention": {"training_wish": False, "training_occupations": ["H05"]}},
            "training_not_wanted",
            "/stated/intention/training_occupations",
        ),
        ({"diagnosis": "高血压"}, "extra_forbidden", "/stated/diagnosis"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_field(tmp_path: Path, stated: Any, code: str, pointer: str) -> None:
    async with bureau(tmp_path) as desk:
        refusal = await desk.post("/v1/workers", {**somebody(), "stated": stated}, status=400)
        assert [(error["code"], error["pointer"]) for error in refusal["errors"]] == [(code, pointer)]


async def test_a_patch_leaves_what_it_does_not_name_and_keeps_who_verified_a_paper(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        worker = await desk.post("/v1/workers", {**somebody(), "stated": STATED})
        place = f"/v1/workers/{worker['id']}"
        papers = [{"name": "母婴护理员证书", "level": 4, "number": "Y20240011", "expires_on": "2027-03-01"}]
        change = {"stated": {"certificates": papers, "intention": {"pay_floor": None}}}
        amended = await desk.patch(place, 1, change, by="zhenxiong")
        (held,) = amended["stated"]["certificates"]
        assert (held["verified_by"], held["verified_on"], held["expires_on"]) == ("tester", "2026-11-01", "2027-03-01")
        assert amended["stated"]["intention"]["pay_floor"] is None
        assert amended["stated"]["intention"]["occupations"] == ["H05", "H06"]
        assert amended["stated"]["village"] == "毛坪村"
        # New words about certificates make void what was stated about them.
        reworded = await desk.patch(place, 2, {"words": {"certificates": "考了健康证"}})
        assert reworded["stated"]["certificates"] is None
        assert reworded["stated"]["experience"] is not None
        await desk.patch(place, 2, change, status=412)
        await desk.patch(place, 3, {"phone": ""}, by="huize", status=404)


async def test_every_version_says_who_changed_what_and_how_it_stood(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        worker_id = await desk.register()
        place = f"/v1/workers/{worker_id}"
        await desk.patch(place, 1, {"phone": "15400009999", "words": {"remark": "换了号码"}}, by="zhenxiong")
        await desk.post(f"{place}/withdrawal", {"reason": "外嫁"}, status=200)
        versions = (await desk.get(f"{place}/versions"))["items"]
        assert [(one["version"], one["changed_by"], one["fields"], one["state"]) for one in versions] == [
            (3, "tester", [], "withdrawn"),
            (2, "530627", ["phone", "words.remark"], "registered"),
            (1, "tester", [], "registered"),
        ]
        assert versions[0]["changed_at"] > versions[1]["changed_at"] > versions[2]["changed_at"]
        first = await desk.get(f"{place}/versions/1")
        assert (first["phone"], first["words"].get("remark"), first["version"]) == ("154****0002", None, 1)
        assert (await desk.get(f"{place}/versions/2"))["words"]["remark"] == "换了号码"
        await desk.get(f"{place}/versions/4", status=404)
        await desk.get(f"{place}/versions", by="huize", status=404)
        await desk.get(f"{place}/versions/1", by="huize", status=404)


async def test_an_asking_is_kept_with_day_channel_and_asker_and_makes_the_intention_fresh(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        worker_id = await desk.register()
        place = f"/v1/workers/{worker_id}/intentions"
        desk.calendar.day = date(2027, 6, 1)
        stale = await desk.get(f"/v1/workers/{worker_id}")
        assert stale["intention_age_days"] == 212
        assert "intention_stale" in [notice["code"] for notice in stale["notices"]]
        confirmed = await desk.post(place, {"asked_on": "2027-05-30", "channel": "V1"}, by="zhenxiong")
        assert (confirmed["intention_confirmed_on"], confirmed["intention_age_days"], confirmed["version"]) == (
            "2027-05-30",
            2,
            2,
        )
        asked = {
            "asked_on": "2027-06-01",
            "channel": "V2",
            "asked_by": "c_1",
            "words": {"intention_places": "县内"},
            "stated": {"occupations": ["H06"], "nights": "refuses"},
        }
        await desk.post(place, asked)
        history = await desk.get(place)
        assert [(one["asked_on"], one["channel"], one["asked_by"], one["recorded_by"]) for one in history["items"]] == [
            ("2027-06-01", "V2", "c_1", "tester"),
            ("2027-05-30", "V1", "530627", "530627"),
            ("2026-11-01", None, "tester", "tester"),
        ]
        assert (history["destination"], history["age_days"]) == ("D3", 0)
        assert history["items"][0]["words"]["intention_places"] == "县内"
        assert history["items"][1]["words"]["intention_places"] == "上海"
        assert [one["id"] for one in history["understood"]["wanted"]] == ["H06"], "what is stated goes before the words"
        refused = await desk.post(place, {"asked_on": "2027-05-31"}, status=409)
        assert refused["code"] == "newer_intention_known"
        to_come = await desk.post(place, {"asked_on": "2027-06-02"}, status=400)
        assert to_come["errors"][0]["code"] == "date_to_come"
        await desk.post(place, asked, by="huize", status=404)
        # A changed phone is no asking.
        worker = await desk.get(f"/v1/workers/{worker_id}")
        await desk.patch(f"/v1/workers/{worker_id}", worker["version"], {"phone": ""})
        assert len((await desk.get(place))["items"]) == 3


async def test_who_is_sixteen_is_registered_and_marked(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        minor = await desk.post("/v1/workers", somebody() | {"identity_number": identity_number(date(2010, 3, 1), 2)})
        assert (minor["minor_until"], minor["notices"][0]["code"]) == ("2028-03-01", "minor")
        child = somebody() | {"identity_number": identity_number(date(2010, 11, 2), 2)}
        refusal = await desk.post("/v1/workers", child, status=400)
        assert refusal["errors"][0]["code"] == "under_16"


async def test_the_score_says_what_would_help_most(tmp_path: Path) -> None:
    async with bureau(tmp_path) as desk:
        worker_id = await desk.register(phone="", words={})
        before = (await desk.get(f"/v1/workers/{worker_id}"))["quality"]
        assert [one["field"] for one in before["missing"][:3]] == ["phone", "intention.occupations", "intention.places"]
        change = {"phone": "15400000002", "stated": {"intention": {"occupations": ["H06"], "reach": "province"}}}
        after = (await desk.patch(f"/v1/workers/{worker_id}", 1, change))["quality"]
        assert after["score"] == before["score"] + 15 + 14 + 10
