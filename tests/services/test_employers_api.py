"""/v1/employers from outside: registering, verifying, standing, contacts; and each employer sees itself alone."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from services.contracts.envelope import Envelope
from services.contracts.events import PostingChanged
from services.jobs.employers.uscc import check_character
from services.jobs.lifecycle.sweep import Sweep
from services.jobs.tables import outbox
from tests.builders import new_posting
from tests.principals import bearer
from tests.services.jobs_service import Served, database_bytes, jobs_service


def uscc(number: int) -> str:
    """A code that checks."""
    first = f"91310115MA1K{number:05d}"
    return first + check_character(first)


def company(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {"name": f"上海第{number}家政服务有限公司", "uscc": uscc(number), "kind": "K01"} | changes


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with jobs_service(tmp_path) as service:
        yield service


async def _register(served: Served, **changes: Any) -> dict[str, Any]:
    response = await served.client.post("/v1/employers", json=company(**changes))
    assert response.status_code == 201, response.text
    employer: dict[str, Any] = response.json()
    return employer


async def _statuses(served: Served) -> list[str]:
    """What the stream was told of postings, in order."""
    async with served.jobs.store.read() as connection:
        rows = await connection.execute(select(outbox).order_by(outbox.c.id))
        told = [Envelope.parse(row.headers, row.value) for row in rows]
    return [PostingChanged.model_validate_json(event.data).status if event.data else "gone" for event in told]


def _code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


async def test_an_employer_is_registered_and_read(served: Served) -> None:
    employer = await _register(served)
    read = await served.client.get(f"/v1/employers/{employer['id']}")
    assert (read.json(), read.headers["etag"]) == (employer, '"1"')
    assert (employer["standing"], employer["verified_at"], employer["suspended"]) == ("normal", None, False)


async def test_name_and_code_are_registered_once(served: Served) -> None:
    await _register(served)
    assert _code(await served.client.post("/v1/employers", json=company(2, uscc=uscc(1)))) == (409, "employer_exists")
    assert _code(await served.client.post("/v1/employers", json=company(1, uscc=uscc(3)))) == (409, "employer_exists")
    bad = await served.client.post("/v1/employers", json=company(4, uscc=uscc(4)[:-1] + "I"))
    assert (_code(bad), bad.json()["errors"][0]["pointer"]) == ((400, "invalid_input"), "/uscc")


async def test_who_was_mentioned_by_a_posting_gets_its_particulars(served: Served) -> None:
    posting = (await served.client.post("/v1/postings", json=new_posting(employer_name=company()["name"]))).json()
    employer = await _register(served, division_code="310115")
    assert (employer["id"], employer["version"], employer["uscc"]) == (posting["employer_id"], 2, uscc(1))


async def test_an_agency_has_a_licence_and_a_household_an_agency(served: Served) -> None:
    assert _code(await served.client.post("/v1/employers", json=company(kind="K04"))) == (400, "invalid_input")
    agency = await _register(served, kind="K04", licence_number="沪人社 1234", licence_expires="2028-01-01")
    household = {"name": "张女士", "kind": "K05", "agency_id": agency["id"]}
    assert (await served.client.post("/v1/employers", json=household)).status_code == 201
    lost = await served.client.post("/v1/employers", json=household | {"agency_id": "e_none"})
    assert lost.json()["errors"][0]["code"] == "unknown_agency"


async def test_staff_verify_what_they_saw(served: Served) -> None:
    path = f"/v1/employers/{(await _register(served))['id']}"
    seen = await served.client.post(f"{path}/verification", json={"documents": ["business_licence", "mandate"]})
    assert (seen.json()["verified_by"], seen.json()["verified_documents"]) == ("staff-1", ["business_licence", "mandate"])
    renamed = await served.client.patch(path, json={"name": "改名公司"}, headers={"If-Match": '"2"'})
    assert (renamed.status_code, renamed.json()["verified_at"]) == (200, None)
    assert (await served.client.get("/v1/employers", params={"verified": "false"})).json()["items"][0]["name"] == "改名公司"
    nothing = await served.client.post(f"{path}/verification", json={"documents": ["a_letter"]})
    assert nothing.status_code == 400


async def test_a_suspended_employers_postings_hide_at_once_and_come_back(served: Served) -> None:
    employer = await _register(served)
    for number in ("1", "2"):
        body = new_posting(employer_name=None, employer_id=employer["id"], number=number)
        assert (await served.client.post("/v1/postings", json=body)).json()["employer_name"] == employer["name"]
    path = f"/v1/employers/{employer['id']}"
    suspended = await served.client.post(f"{path}/standing", json={"standing": "suspended", "reason_code": "wage_arrears"})
    assert suspended.json()["suspended"]
    assert (await served.client.get("/v1/postings", params={"open": "true"})).json()["items"] == []
    refused = await served.client.post("/v1/postings", json=new_posting(employer_name=employer["name"], number="3"))
    assert _code(refused) == (409, "employer_suspended")
    await served.client.post(f"{path}/standing", json={"standing": "normal", "reason_code": "cleared"})
    assert len((await served.client.get("/v1/postings", params={"open": "true"})).json()["items"]) == 2
    assert await _statuses(served) == ["published"] * 2 + ["suspended"] * 2 + ["published"] * 2


async def test_a_blacklist_runs_out_by_itself(served: Served) -> None:
    employer = await _register(served)
    await served.client.post("/v1/postings", json=new_posting(employer_name=employer["name"]))
    path = f"/v1/employers/{employer['id']}"
    listed = await served.client.post(f"{path}/blacklisting", json={"until": "2026-11-02", "reason": "拖欠工资"})
    assert listed.json()["blacklisted_until"] == "2026-11-02"
    sweep = Sweep(served.jobs.store, served.jobs.audit, served.clock)
    served.clock.move(days=1)
    assert await sweep.step() == 0
    served.clock.move(days=1)
    assert await sweep.step() == 1
    assert (await served.client.get(path)).json()["suspended"] is False
    assert await _statuses(served) == ["published", "suspended", "published"]
    await served.client.post(f"{path}/blacklisting", json={"until": "2026-12-31", "reason": "又拖欠工资"})
    assert (await served.client.delete(f"{path}/blacklisting")).json()["suspended"] is False


async def test_contacts_are_sealed_and_read_back(served: Served, tmp_path: Path) -> None:
    path = f"/v1/employers/{(await _register(served))['id']}/contacts"
    assert (await served.client.get(path)).json() == {"contacts": []}
    contacts = {"contacts": [{"role": "recruiter", "name": "欧阳静娴", "phone": "13800001111", "other": ""}]}
    assert (await served.client.put(path, json=contacts)).json() == contacts
    assert (await served.client.get(path)).json() == contacts
    kept = await asyncio.to_thread(database_bytes, tmp_path)
    assert "欧阳静娴".encode() not in kept
    assert b"13800001111" not in kept


async def test_an_employer_sees_and_changes_itself_alone(served: Served) -> None:
    mine = await served.employer("mine", uscc=uscc(1))
    other = await served.employer("other", uscc=uscc(2))
    me = bearer("mine")
    assert [one["id"] for one in (await served.client.get("/v1/employers", headers=me)).json()["items"]] == [mine["id"]]
    for path in (f"/v1/employers/{other['id']}", f"/v1/employers/{other['id']}/contacts"):
        assert _code(await served.client.get(path, headers=me)) == (404, "employer_not_found")
    change, seen = {"division_code": "310115"}, me | {"If-Match": '"1"'}
    refused = await served.client.patch(f"/v1/employers/{other['id']}", json=change, headers=seen)
    assert _code(refused) == (404, "employer_not_found")
    assert (await served.client.patch(f"/v1/employers/{mine['id']}", json=change, headers=seen)).status_code == 200
    verify = await served.client.post(f"/v1/employers/{mine['id']}/verification", json={"documents": ["mandate"]}, headers=me)
    assert verify.status_code == 403
