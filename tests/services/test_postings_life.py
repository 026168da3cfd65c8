"""A posting's steps from outside: drafts, windows, pauses, ends, history, and whose they are."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.jobs.lifecycle.sweep import Sweep
from tests.builders import new_posting
from tests.principals import bearer
from tests.services.jobs_service import Served, database_bytes, jobs_service
from tests.services.test_employers_api import uscc


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with jobs_service(tmp_path) as service:
        yield service


async def _post(served: Served, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
    response = await served.client.post(path, json=body, headers=headers)
    assert response.status_code in (200, 201), response.text
    answer: dict[str, Any] = response.json()
    return answer


def _code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


async def test_a_draft_is_nobodys_business_until_it_is_handed_in(served: Served) -> None:
    kept = await _post(served, "/v1/postings", new_posting(intent="draft"))
    assert (kept["status"], kept["published_on"]) == ("draft", None)
    counts = (await served.client.get("/v1/postings/counts")).json()
    assert counts == {"postings": 1, "vacancies": 0, "unpublished": 0}
    shown = await _post(served, f"/v1/postings/{kept['id']}/submission", {"priority_window_days": 2})
    assert (shown["status"], shown["priority_until"], shown["version"]) == ("published-restricted", "2026-11-02", 2)
    again = await served.client.post(f"/v1/postings/{kept['id']}/submission")
    assert _code(again) == (409, "wrong_state")


async def test_the_setting_says_how_long_the_priority_window_is(tmp_path: Path) -> None:
    async with jobs_service(tmp_path, priority_window_days=3) as served:
        assert (await _post(served, "/v1/postings", new_posting()))["priority_until"] == "2026-11-03"
        at_once = await _post(served, "/v1/postings", new_posting(number="2", priority_window_days=0))
        assert at_once["status"] == "published"


async def test_time_opens_windows_and_ends_postings(served: Served) -> None:
    window = await _post(served, "/v1/postings", new_posting(priority_window_days=1))
    ending = await _post(served, "/v1/postings", new_posting(number="2", valid_until="2026-11-01"))
    sweep = Sweep(served.jobs.store, served.jobs.audit, served.clock)
    assert await sweep.step() == 0
    served.clock.move(days=1)
    assert await sweep.step() == 2
    assert await sweep.step() == 0
    opened, expired = [(await served.client.get(f"/v1/postings/{one['id']}")).json() for one in (window, ending)]
    assert (opened["status"], opened["reason_code"]) == ("published", "window_over")
    assert (expired["status"], expired["reason_code"], expired["version"]) == ("expired", "expired", 2)
    renewed = await _post(served, f"/v1/postings/{ending['id']}/renewal", {"valid_until": "2026-12-01"})
    assert (renewed["status"], renewed["valid_until"]) == ("published", "2026-12-01")


async def test_what_the_law_forbids_stays_a_draft_and_says_why(served: Served) -> None:
    made = await _post(served, "/v1/postings", new_posting(title="保洁员，限女性，乙肝勿投"))
    assert (made["status"], made["reason_code"]) == ("draft", "unlawful")
    assert {(one["category"], one["severity"], one["field"]) for one in made["findings"]} >= {("sex", "blocks", "title")}
    path = f"/v1/postings/{made['id']}"
    again = await _post(served, f"{path}/submission")
    assert again["status"] == "draft"
    better = {"title": "保洁员"}
    assert (await served.client.patch(path, json=better, headers={"If-Match": '"2"'})).status_code == 200
    assert (await _post(served, f"{path}/submission"))["status"] == "published"
    worse = await served.client.patch(path, json={"title": "保洁员（限女性）"}, headers={"If-Match": '"4"'})
    assert (_code(worse), worse.json()["errors"][0]["pointer"]) == ((422, "posting_unlawful"), "/title")
    assert (await served.client.get(path)).json()["title"] == "保洁员"


async def test_what_a_person_must_see_waits_for_staff(served: Served) -> None:
    await served.employer("mine", uscc=uscc(1), sandbox=False)
    body = new_posting(employer_name=None, words={"hours": "24小时一对一，做六休一"})
    made = await _post(served, "/v1/postings", body, **bearer("mine"))
    assert made["status"] == "submitted"
    assert "staff" in {finding["severity"] for finding in made["findings"]}
    path = f"/v1/postings/{made['id']}"
    assert (await served.client.get("/v1/postings", params={"status": "submitted"})).json()["items"][0]["id"] == made["id"]
    returned = await _post(served, f"{path}/review", {"decision": "return", "reason": "工时写不清楚"})
    assert (returned["status"], returned["reason"]) == ("draft", "工时写不清楚")
    assert (await _post(served, f"{path}/submission", **bearer("mine")))["status"] == "submitted"
    assert (await _post(served, f"{path}/review", {"decision": "approve"}))["status"] == "published"
    seen = await _post(served, "/v1/postings", new_posting(number="2", words=body["words"]))
    assert seen["status"] == "published"  # staff who may review have looked at what they hand in


async def test_the_history_says_who_when_why_and_what(served: Served) -> None:
    path = f"/v1/postings/{(await _post(served, '/v1/postings', new_posting()))['id']}"
    await _post(served, f"{path}/pause", {"reason_code": "checking", "reason": "电话没人接"})
    await _post(served, f"{path}/resumption")
    await served.client.patch(path, json={"headcount": 9}, headers={"If-Match": '"3"'})
    await _post(served, f"{path}/filling")
    await _post(served, f"{path}/withdrawal", {"reason_code": "no_longer_needed"})
    steps = (await served.client.get(f"{path}/history")).json()
    assert [(step["version"], step["status"], step["reason_code"]) for step in steps] == [
        (1, "published", "published"),
        (2, "paused", "checking"),
        (3, "published", "resumed"),
        (4, "published", ""),
        (5, "filled", "filled"),
        (6, "withdrawn", "no_longer_needed"),
    ]
    assert (steps[1]["reason"], steps[1]["by"], steps[3]["changed"]) == ("电话没人接", "staff-1", ["headcount"])
    bad = await served.client.post(f"{path}/withdrawal", json={"reason_code": "bored"})
    assert _code(bad) == (400, "unknown_code")


async def test_the_terms_are_kept_and_amended_piece_by_piece(served: Served) -> None:
    terms = {
        "pay_unit": "day",
        "rate_min": 130,
        "shifts": ["day"],
        "lodging": "provided",
        "contract_form": "part_time",
        "insurance": ["accident"],
        "must": {"certificates": ["健康证"], "experience_years": 1},
        "nice": {"languages": ["粤语"]},
    }
    made = await _post(served, "/v1/postings", new_posting(pay_min=None, pay_max=None, terms=terms))
    assert made["terms"]["must"]["certificates"] == ["健康证"]
    assert (made["terms"]["rate_min"], made["terms"]["nice"]["languages"]) == (130, ["粤语"])
    change = {"terms": {"board": "provided", "must": {"education": "E2"}}}
    amended = await served.client.patch(f"/v1/postings/{made['id']}", json=change, headers={"If-Match": '"1"'})
    after = amended.json()["terms"]
    assert (after["board"], after["lodging"], after["must"]["education"]) == ("provided", "provided", "E2")
    assert after["must"]["certificates"] == ["健康证"]


@pytest.mark.parametrize(
    ("terms", "pointer", "code"),
    [
        ({"contract_form": "slavery"}, "/terms/contract_form", "unknown_code"),
        ({"must": {"certificates": ["驯兽证"]}}, "/terms/must/certificates/0", "unknown_code"),
        ({"hours_start": "25:00"}, "/terms/hours_start", "string_pattern_mismatch"),
        ({"rate_min": 10}, "/terms/rate_min", "not_by_the_month"),
        ({"pay_unit": "hour", "rate_min": 30, "rate_max": 20}, "/terms/rate_max", "below_minimum"),
        ({"probation_months": 7}, "/terms/probation_months", "less_than_equal"),
    ],
)
async def test_terms_that_do_not_do(served: Served, terms: dict[str, Any], pointer: str, code: str) -> None:
    response = await served.client.post("/v1/postings", json=new_posting(terms=terms))
    assert response.status_code == 400
    assert [(error["pointer"], error["code"]) for error in response.json()["errors"]] == [(pointer, code)]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"title": "生态护林员"}, "forest_ranger"),
        ({"title": "缝纫工", "employer_name": "镇雄县就业帮扶车间"}, "workshop"),
        ({"title": "乡村公益性岗位（保洁）"}, "public_welfare"),
        ({"title": "食堂工勤人员", "employer_kind": "K06"}, "institution"),
        ({"title": "修渠小工（以工代赈）"}, "work_relief"),
        ({"title": "住家育儿嫂"}, "ordinary"),
        ({"title": "保洁", "kind": "public_welfare"}, "public_welfare"),
    ],
)
async def test_openings_near_home_are_kinds_of_their_own(served: Served, changes: dict[str, Any], kind: str) -> None:
    made = await _post(served, "/v1/postings", new_posting(**changes))
    assert made["kind"] == kind
    listed = (await served.client.get("/v1/postings", params={"kind": kind})).json()["items"]
    assert [one["id"] for one in listed] == [made["id"]]


async def test_a_partnership_tells_whom_it_serves(served: Served) -> None:
    served_by = await _post(served, "/v1/postings", new_posting(source_text="沪滇劳务协作平台", division_code="310117"))
    assert served_by["cooperation"] == {"scheme": "沪滇", "prefectures": ["530600", "532800"]}
    named = {"scheme": "沪滇", "prefectures": ["533300"]}
    said = await _post(served, "/v1/postings", new_posting(number="2", cooperation=named))
    assert said["cooperation"] == named
    none = await _post(served, "/v1/postings", new_posting(number="3", source_text="招聘会"))
    assert none["cooperation"] is None


async def test_whom_to_ask_and_the_message_are_sealed(served: Served, tmp_path: Path) -> None:
    message = "招月嫂，联系欧阳静娴 13800001111"
    contact = {"name": "欧阳静娴", "phone": "13800001111", "other": ""}
    made = await _post(served, "/v1/postings", new_posting(contact=contact, original_text=message))
    assert "13800001111" not in str(made)
    read = await served.client.get(f"/v1/postings/{made['id']}/private")
    assert (read.json(), read.headers["cache-control"]) == ({"contact": contact, "original_text": message}, "no-store")
    kept = await asyncio.to_thread(database_bytes, tmp_path)
    assert "欧阳静娴".encode() not in kept
    assert b"13800001111" not in kept


async def test_a_portal_reaches_its_own_postings_alone(served: Served) -> None:
    mine = await served.employer("mine", uscc=uscc(1), sandbox=False)
    await served.employer("other", uscc=uscc(2), sandbox=False)
    body = new_posting(employer_name=None, external_reference="A-1")
    made = await _post(served, "/v1/postings", body, **bearer("mine"))
    assert (made["employer_id"], made["employer_name"], made["external_reference"]) == (mine["id"], mine["name"], "A-1")
    path = f"/v1/postings/{made['id']}"
    other = bearer("other")
    for request in (
        served.client.get(path, headers=other),
        served.client.get(f"{path}/history", headers=other),
        served.client.get(f"{path}/private", headers=other),
        served.client.patch(path, json={"headcount": 1}, headers=other | {"If-Match": '"1"'}),
        served.client.post(f"{path}/pause", headers=other),
        served.client.post(f"{path}/withdrawal", headers=other),
    ):
        assert _code(await request) == (404, "posting_not_found")
    assert (await served.client.get("/v1/postings", headers=other)).json()["items"] == []
    same = await _post(served, "/v1/postings", body, **other)
    assert same["id"] != made["id"]
    twice = await served.client.post("/v1/postings", json=body, headers=bearer("mine"))
    assert _code(twice) == (409, "posting_exists")
    named = await served.client.post("/v1/postings", json=new_posting(number="9"), headers=bearer("mine"))
    assert [error["pointer"] for error in named.json()["errors"]] == ["/employer_name"]
    assert (await served.client.post(f"{path}/review", json={"decision": "approve"}, headers=bearer("mine"))).status_code == 403


async def test_a_sandbox_is_told_to_nobody(served: Served) -> None:
    await served.employer("sandbox", uscc=uscc(1))
    made = await _post(served, "/v1/postings", new_posting(employer_name=None), **bearer("sandbox"))
    assert (made["status"], made["sandbox"]) == ("published", True)
    assert (await served.client.get("/v1/postings/counts")).json() == {"postings": 1, "vacancies": 0, "unpublished": 0}
