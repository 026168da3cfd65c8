"""Courses with their seats, results that reach the profile, and the figures of a labour brand."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.kernel.http.application import create_application
from services.kernel.http.local_credential import LocalCredential
from services.workers import app as workers_app
from tests.builders import CLOCK, serving, settings
from tests.registers import person
from tests.services.test_workers_api import new_worker

COURSES = "/v1/training/courses"
TODAY = CLOCK.today()


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    part = workers_app.part(settings(tmp_path), CLOCK)
    application = create_application(title="人", parts=[part], authenticator=LocalCredential.ensure(tmp_path))
    async with serving(application, tmp_path) as serving_client:
        yield serving_client


def new_course(**changes: Any) -> dict[str, Any]:
    """A course that is in order and under way."""
    return {
        "title": "母婴护理（月嫂）培训班",
        "occupation": "H06",
        "provider": "镇雄县职业中学",
        "division_code": "530627",
        "starts_on": (TODAY - timedelta(days=10)).isoformat(),
        "ends_on": (TODAY + timedelta(days=4)).isoformat(),
        "hours": 80,
        "seats": 2,
        "subsidy": 80,
        "certificate": "健康证",
    } | changes


async def course(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await client.post(COURSES, json=new_course(**changes))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def worker(client: httpx.AsyncClient, sequence: int, **changes: Any) -> str:
    body = new_worker(identity_number=person(sequence)["身份证号"], sex=None, number=f"T{sequence}", **changes)
    answer = await client.post("/v1/workers", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def enrol(client: httpx.AsyncClient, made: dict[str, Any], *ids: str) -> httpx.Response:
    return await client.post(f"{COURSES}/{made['id']}/enrolments", json={"worker_ids": list(ids)})


async def finish(client: httpx.AsyncClient, made: dict[str, Any], *results: dict[str, Any]) -> httpx.Response:
    return await client.post(f"{COURSES}/{made['id']}/results", json={"results": list(results)})


async def test_seats_are_never_given_twice(client: httpx.AsyncClient) -> None:
    made = await course(client)
    ids = [await worker(client, number) for number in (1, 2, 3)]
    refused = await enrol(client, made, *ids)
    assert (refused.status_code, refused.json()["code"]) == (409, "no_seats_left")
    assert (await enrol(client, made, *ids[:2])).json()["taken"] == 2
    assert (await enrol(client, made, *ids[:2])).json()["taken"] == 2
    assert (await enrol(client, made, ids[2])).status_code == 409
    assert (await finish(client, made, {"worker_id": ids[0], "result": "absent"})).json()["taken"] == 1
    assert (await enrol(client, made, ids[2])).json()["taken"] == 2
    assert (await enrol(client, made, ids[0])).status_code == 409
    listed = (await client.get(f"{COURSES}/{made['id']}/enrolments")).json()["items"]
    assert [(one["number"], one["result"], one["masked_name"]) for one in listed] == [
        ("T1", "absent", "余**"),
        ("T2", "enrolled", "余**"),
        ("T3", "enrolled", "余**"),
    ]


async def test_who_completes_a_course_has_it_and_its_paper_in_the_profile(client: httpx.AsyncClient) -> None:
    made = await course(client)
    one = await worker(client, 1, words={"certificates": "电工证"})
    await enrol(client, made, one)
    paper = {"number": "J-1", "expires_on": "2027-11-01"}
    done = {"worker_id": one, "result": "completed", "certificate": paper}
    assert (await finish(client, made, done)).status_code == 200
    told = (await client.get(f"/v1/workers/{one}")).json()
    assert [entry["course"] for entry in told["stated"]["training"]] == [made["title"]]
    held = {entry["name"]: entry for entry in told["stated"]["certificates"]}
    assert len(held) == 2, "what the words told of papers is not lost"
    assert (held["健康证"]["number"], held["健康证"]["expires_on"]) == ("J-1", "2027-11-01")
    assert held["健康证"]["verified_by"]
    version = told["version"]
    assert (await finish(client, made, done)).status_code == 200
    assert (await client.get(f"/v1/workers/{one}")).json()["version"] == version


async def test_what_cannot_be_is_refused(client: httpx.AsyncClient) -> None:
    wrong = await client.post(COURSES, json=new_course(ends_on="2020-01-01"))
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (400, "ends_before_it_begins")
    unknown = await client.post(COURSES, json=new_course(occupation="H99"))
    assert (unknown.status_code, unknown.json()["code"]) == (400, "unknown_code")
    made, one = await course(client), await worker(client, 1)
    assert (await finish(client, made, {"worker_id": one, "result": "completed"})).json()["code"] == "not_enrolled"
    assert (await enrol(client, made, "w_nobody")).json()["code"] == "worker_not_found"
    paper = {"worker_id": one, "result": "failed", "certificate": {}}
    assert (await finish(client, made, paper)).json()["errors"][0]["code"] == "certificate_without_completion"


async def test_a_cancelled_course_takes_nobody(client: httpx.AsyncClient) -> None:
    made, one = await course(client), await worker(client, 1)
    path = f"{COURSES}/{made['id']}"
    assert (await client.patch(path, json={"state": "cancelled"})).status_code == 428
    assert (await client.patch(path, json={"state": "cancelled"}, headers={"If-Match": '"9"'})).status_code == 412
    assert (await client.patch(path, json={"state": "cancelled"}, headers={"If-Match": '"1"'})).status_code == 200
    assert (await enrol(client, made, one)).json()["code"] == "course_closed"
    assert (await client.get(COURSES, params={"upcoming": True})).json()["items"][0]["state"] == "cancelled"


async def test_a_brand_counts_who_was_trained_and_who_holds_its_paper(client: httpx.AsyncClient) -> None:
    body = {"name": "镇雄月嫂", "division_code": "530627", "occupation": "H06", "certificate": "健康证"}
    brand = (await client.post("/v1/brands", json=body)).json()
    assert (await client.post("/v1/brands", json=body)).json()["code"] == "brand_exists"
    made = await course(client, brand_id=brand["id"])
    began = TODAY - timedelta(days=120)
    at_work = {"occupation": "H06", "since": began.isoformat(), "wage": 8000}
    trained = await worker(client, 1, employment_status="S5", stated={"employment": at_work})
    short = {"occupation": "H06", "since": "2026-01-01", "until": "2026-02-01"}
    holder = await worker(client, 2, stated={"certificates": [{"name": "健康证"}], "experience": [short]})
    await worker(client, 3)
    await worker(client, 4, county_code="530326", stated={"certificates": [{"name": "健康证"}]})
    await enrol(client, made, trained)
    await finish(client, made, {"worker_id": trained, "result": "completed"})
    figures = (await client.get(f"/v1/brands/{brand['id']}/figures")).json()
    told = {name: figures[name] for name in ("trained", "certified", "members", "placed", "wage_mean", "followed", "stayed")}
    assert told == {
        "trained": 1,
        "certified": 1,
        "members": 2,
        "placed": 1,
        "wage_mean": 8000,
        "followed": 2,
        "stayed": 1,
    }
    assert figures["staying_rate"] == 0.5
    leaving = await client.post(f"/v1/workers/{holder}/withdrawal")
    assert leaving.status_code == 200
    assert (await client.get(f"/v1/brands/{brand['id']}/figures")).json()["members"] == 1
