"""/v1/postings seen by staff, a station, an employer and a kiosk."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.contracts.permissions import Permission, PrincipalKind
from services.jobs.app import part
from services.jobs.employers import repository as employers
from services.jobs.employers.employer import Employer, Profile
from services.kernel.http.application import create_application
from services.kernel.http.auth import Principal, Scope
from tests.builders import CLOCK, Callers, as_caller, new_posting, serving, settings, staff_of

EVERYTHING = frozenset(Permission)
EMPLOYERS = ("tangli", "yuntang")
CALLERS = {
    "county": staff_of("530627"),
    "station": Principal("station", EVERYTHING, PrincipalKind.STAFF, Scope(frozenset({"530600"}), frozenset({"310000"}))),
    "tangli": Principal("tangli", EVERYTHING, PrincipalKind.EMPLOYER, Scope(employer_id="e_tangli")),
    "yuntang": Principal("yuntang", EVERYTHING, PrincipalKind.PORTAL, Scope(employer_id="e_yuntang")),
    "kiosk": Principal("kiosk", frozenset({Permission.POSTINGS_READ}), PrincipalKind.KIOSK, Scope(fair_id="f_1")),
}


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    parts = [part(settings(tmp_path), CLOCK)]
    application = create_application(title="岗位", parts=parts, authenticator=Callers(CALLERS))
    async with serving(application) as serving_client:
        async with application.state.jobs.store.write() as connection:
            for name in EMPLOYERS:
                await employers.add(connection, Employer.mentioned(f"e_{name}", Profile(f"{name}家政公司"), CLOCK.now()))
        yield serving_client


async def published(client: httpx.AsyncClient, caller: str, **changes: object) -> str:
    """The path of a posting of that caller."""
    body = new_posting(**changes)
    if caller in EMPLOYERS:  # whose it is is known by the credential
        del body["employer_name"]
    answer = await client.post("/v1/postings", json=body, headers=as_caller(caller))
    assert answer.status_code == 201, answer.text
    return answer.headers["location"]


async def test_an_employer_reads_and_changes_its_own_only(client: httpx.AsyncClient) -> None:
    mine, other = await published(client, "tangli"), await published(client, "county", number="P2")
    headers = as_caller("tangli")
    assert (await client.get(mine, headers=headers)).json()["employer_id"] == "e_tangli"
    listed = (await client.get("/v1/postings", headers=headers)).json()["items"]
    assert [f"/v1/postings/{item['id']}" for item in listed] == [mine]
    assert (await client.get("/v1/postings/counts", headers=headers)).json()["postings"] == 1
    for caller, path in (("tangli", other), ("yuntang", mine), ("yuntang", other)):
        theirs = as_caller(caller)
        assert (await client.get(path, headers=theirs)).status_code == 404
        assert (await client.patch(path, json={"headcount": 5}, headers=theirs | {"If-Match": '"1"'})).status_code == 404
        assert (await client.post(f"{path}/withdrawal", headers=theirs)).status_code == 404


async def test_a_station_writes_in_its_city_and_reads_what_is_published(client: httpx.AsyncClient) -> None:
    await published(client, "station", division_code="310115")
    elsewhere = await client.post("/v1/postings", json=new_posting(division_code="440304"), headers=as_caller("station"))
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "outside_region")
    path = await published(client, "county", division_code="440304", number="P2")
    assert (await client.get(path, headers=as_caller("station"))).status_code == 200
    first = as_caller("station") | {"If-Match": '"1"'}
    assert (await client.patch(path, json={"headcount": 5}, headers=first)).status_code == 404
    in_its_city = await published(client, "county", division_code="310104", number="P3")
    assert (await client.patch(in_its_city, json={"headcount": 5}, headers=first)).status_code == 200
    second = as_caller("station") | {"If-Match": '"2"'}
    assert (await client.patch(in_its_city, json={"division_code": "440304"}, headers=second)).status_code == 403


async def test_a_closed_posting_is_seen_by_those_who_may_write_it(client: httpx.AsyncClient) -> None:
    path = await published(client, "county", division_code="440304")
    await client.post(f"{path}/withdrawal", headers=as_caller("county"))
    seen = {caller: (await client.get(path, headers=as_caller(caller))).status_code for caller in CALLERS}
    assert seen == {"county": 200, "station": 404, "tangli": 404, "yuntang": 404, "kiosk": 404}


async def test_a_kiosk_reads_what_is_published(client: httpx.AsyncClient) -> None:
    path = await published(client, "tangli")
    assert (await client.get(path, headers=as_caller("kiosk"))).status_code == 200
    assert (await client.post(f"{path}/withdrawal", headers=as_caller("kiosk"))).status_code == 403
