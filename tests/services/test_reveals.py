"""Identifiers in clear: for a purpose, audited, in scope; and for an employer only whom the person named (PIPL 23)."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from services.contracts.permissions import Permission, PrincipalKind
from services.kernel.http.application import create_application
from services.kernel.http.auth import Principal, Scope
from services.kernel.store import open_store
from services.workers import tables
from services.workers.app import part
from tests.builders import CLOCK, STAFF, Callers, as_caller, serving, settings, staff_of
from tests.services.test_workers_api import NUMBER, new_worker

CONTACTS = frozenset({Permission.CONTACTS_REVEAL, Permission.MATCHES_READ})
CALLERS = {
    "admin": STAFF,
    "chuxiong": staff_of("532300"),
    "named": Principal("named", CONTACTS, PrincipalKind.EMPLOYER, Scope(employer_id="e_1")),
    "other": Principal("other", CONTACTS, PrincipalKind.EMPLOYER, Scope(employer_id="e_2")),
    "nameless": Principal("nameless", CONTACTS, PrincipalKind.EMPLOYER, Scope()),
    "reader": Principal("reader", frozenset({Permission.WORKERS_READ}), PrincipalKind.STAFF, Scope.everywhere()),
}
ASKED = {"fields": ["name", "phone"], "purpose": "contact_worker"}


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    application = create_application(title="人员", parts=[part(settings(tmp_path), CLOCK)], authenticator=Callers(CALLERS))
    async with serving(application) as serving_client:
        serving_client.headers.update(as_caller("admin"))
        yield serving_client


@pytest.fixture
async def worker_id(client: httpx.AsyncClient) -> str:
    return str((await client.post("/v1/workers", json=new_worker())).json()["id"])


async def audited(folder: Path) -> list[Any]:
    store = open_store(f"sqlite+aiosqlite:///{folder / 'workers.db'}")
    try:
        async with store.read() as connection:
            rows = await connection.execute(select(tables.audit.rows).order_by(tables.audit.rows.c.position))
            return [(row.actor, row.deed, row.purpose, row.fields, row.outcome) for row in rows if "reveal" in row.deed]
    finally:
        await store.close()


async def agreed(client: httpx.AsyncClient, worker_id: str, *declarations: dict[str, str]) -> None:
    for body in declarations:
        answer = await client.post(f"/v1/workers/{worker_id}/consents", json=body | {"how": "paper"})
        assert answer.status_code == 201, answer.text


async def test_staff_see_what_they_ask_for_and_it_is_written_down(
    client: httpx.AsyncClient, worker_id: str, tmp_path: Path
) -> None:
    answer = await client.post(f"/v1/workers/{worker_id}/reveal", json=ASKED)
    assert answer.json() == {"name": "余德珍", "identity_number": None, "phone": "15400006818"}
    assert answer.headers["Cache-Control"] == "no-store"
    asked = {"fields": ["identity_number"], "purpose": "verify_identity"}
    assert (await client.post(f"/v1/workers/{worker_id}/reveal", json=asked)).json()["identity_number"] == NUMBER
    assert await audited(tmp_path) == [
        (STAFF.id, "worker.revealed", "contact_worker", ["name", "phone"], "permit"),
        (STAFF.id, "worker.revealed", "verify_identity", ["identity_number"], "permit"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"fields": [], "purpose": "contact_worker"},
        {"fields": ["words"], "purpose": "contact_worker"},
        {"fields": ["name"]},
        {"fields": ["name"], "purpose": "curiosity"},
        {"fields": ["name"], "purpose": "employment_service"},
    ],
)
async def test_without_fields_or_a_purpose_nothing_is_shown(
    client: httpx.AsyncClient, worker_id: str, body: dict[str, Any], tmp_path: Path
) -> None:
    assert (await client.post(f"/v1/workers/{worker_id}/reveal", json=body)).status_code == 400
    assert await audited(tmp_path) == []


@pytest.mark.parametrize(("caller", "status"), [("chuxiong", 404), ("reader", 403), ("named", 403)])
async def test_out_of_scope_or_without_permission_nothing_is_shown(
    client: httpx.AsyncClient, worker_id: str, caller: str, status: int
) -> None:
    answer = await client.post(f"/v1/workers/{worker_id}/reveal", json=ASKED, headers=as_caller(caller))
    assert answer.status_code == status
    assert "余德珍" not in answer.text


async def test_an_employer_gets_the_contact_of_who_named_it(client: httpx.AsyncClient, worker_id: str, tmp_path: Path) -> None:
    path = f"/v1/workers/{worker_id}/contact"
    assert (await client.post(path, headers=as_caller("named"))).status_code == 404
    await agreed(client, worker_id, {"what": "contact", "employer_id": "e_1"})
    assert (await client.post(path, headers=as_caller("named"))).status_code == 404  # not even to be shown to employers
    await agreed(client, worker_id, {"what": "employers"})
    answer = await client.post(path, headers=as_caller("named"))
    assert answer.json() == {"name": "余德珍", "phone": "15400006818"}
    refused = await client.post(path, headers=as_caller("other"))
    assert (refused.status_code, refused.json()["code"]) == (403, "contact_not_agreed")
    assert (await client.post(path, headers=as_caller("nameless"))).status_code == 404
    rows = await audited(tmp_path)
    assert [(actor, outcome) for actor, deed, _, _, outcome in rows if deed == "worker.contact_revealed"] == [
        ("named", "deny"),
        ("named", "deny"),
        ("named", "permit"),
        ("other", "deny"),
        ("nameless", "deny"),
    ]


async def test_a_consent_that_was_taken_back_ends_it_at_once(client: httpx.AsyncClient, worker_id: str) -> None:
    await agreed(client, worker_id, {"what": "employers"}, {"what": "contact", "employer_id": "e_1"})
    (_, consent) = (await client.get(f"/v1/workers/{worker_id}/consents")).json()["items"]
    await client.post(f"/v1/workers/{worker_id}/consents/{consent['id']}/withdrawal", json={"how": "paper"})
    refused = await client.post(f"/v1/workers/{worker_id}/contact", headers=as_caller("named"))
    assert (refused.status_code, refused.json()["code"]) == (403, "contact_not_agreed")


async def test_a_person_is_told_everything_in_clear(client: httpx.AsyncClient, worker_id: str) -> None:
    await agreed(client, worker_id, {"what": "employers", "evidence": "档案柜三第七册"})
    await client.post(f"/v1/workers/{worker_id}/reveal", json=ASKED)
    members = [{"name": "余德珍", "relation": "L0", "worker_id": worker_id}, {"name": "某人", "relation": "L2"}]
    household = {"code": "530627001", "county_code": "530627", "members": members}
    assert (await client.post("/v1/households", json=household)).status_code == 201
    held = (await client.get(f"/v1/workers/{worker_id}/held")).json()
    assert [member["name"] for member in held["household"]["members"]] == ["余德珍"]
    profile = held["record"]["profile"]
    assert (profile["name"], profile["identity_number"], profile["words"]["health"]) == ("余德珍", NUMBER, "高血压")
    assert [version["version"] for version in held["versions"]] == [2, 1]
    assert held["consents"][0]["evidence"] == "档案柜三第七册"
    assert held["visibility"]["employers"] is True
    assert [row["deed"] for row in held["looked_at"]] == ["worker.registered", "consent.given", "worker.revealed"]
    again = (await client.get(f"/v1/workers/{worker_id}/held")).json()
    assert again["looked_at"][-1]["deed"] == "subject.exported"
