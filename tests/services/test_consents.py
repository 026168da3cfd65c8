"""Declarations over HTTP, and what search makes of them at once: a person appears to whom they agreed, and to nobody else."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.access.bootstrap import FIRST
from services.cli.embedded import build
from services.workers.consents.consent import What
from tests.builders import CLOCK, new_posting, serving, settings
from tests.contract.streams import until
from tests.services.test_workers_api import new_worker

AGREED = {"what": "employers", "how": "paper"}


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Everything in one process."""
    async with serving(build(settings(tmp_path), CLOCK), tmp_path) as serving_client:
        yield serving_client


async def registered(client: httpx.AsyncClient, **changes: Any) -> str:
    answer = await client.post("/v1/workers", json=new_worker(**changes))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def declared(client: httpx.AsyncClient, worker_id: str, **body: Any) -> str:
    """The id of a declaration."""
    answer = await client.post(f"/v1/workers/{worker_id}/consents", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["items"][-1]["id"])


async def taken_back(client: httpx.AsyncClient, worker_id: str, consent_id: str) -> httpx.Response:
    return await client.post(f"/v1/workers/{worker_id}/consents/{consent_id}/withdrawal", json={"how": "staff"})


async def seen(client: httpx.AsyncClient, worker_id: str) -> dict[str, Any]:
    answer: dict[str, Any] = (await client.get(f"/v1/workers/{worker_id}/visibility")).json()
    return answer


async def test_a_declaration_is_dated_and_can_be_taken_back(client: httpx.AsyncClient) -> None:
    worker_id = await registered(client)
    consent_id = await declared(client, worker_id, **AGREED, given_on="2026-10-20", evidence="档案柜三第七册")
    assert (await seen(client, worker_id))["employers"] == {"visible": True, "reasons": []}
    assert (await client.get(f"/v1/workers/{worker_id}")).json()["version"] == 2
    assert (await taken_back(client, worker_id, consent_id)).status_code == 200
    assert (await taken_back(client, worker_id, consent_id)).status_code == 200
    (held,) = (await client.get(f"/v1/workers/{worker_id}/consents")).json()["items"]
    assert (held["what"], held["how"], held["given_on"], held["withdrawn_how"]) == ("employers", "paper", "2026-10-20", "staff")
    assert held["recorded_by"] == FIRST
    told = (await seen(client, worker_id))["employers"]
    assert (told["visible"], [reason["code"] for reason in told["reasons"]]) == (False, ["consent_employers"])
    assert (await client.get(f"/v1/workers/{worker_id}")).json()["version"] == 3


async def test_saying_it_twice_is_saying_it_once(client: httpx.AsyncClient) -> None:
    worker_id = await registered(client)
    assert await declared(client, worker_id, **AGREED) == await declared(client, worker_id, **AGREED)
    assert (await client.get(f"/v1/workers/{worker_id}")).json()["version"] == 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"what": "contact", "how": "paper"}, "employer_named"),
        ({"what": "employers", "how": "paper", "employer_id": "e_1"}, "employer_named"),
        ({"what": "employers", "how": "paper", "given_on": "2026-11-02"}, "in_the_future"),
        ({"what": "everything", "how": "paper"}, "enum"),
        ({"what": "employers", "how": "assumed"}, "literal_error"),
    ],
)
async def test_what_cannot_be_a_declaration_is_refused(client: httpx.AsyncClient, body: dict[str, Any], code: str) -> None:
    answer = await client.post(f"/v1/workers/{await registered(client)}/consents", json=body)
    assert answer.status_code == 400, answer.text
    assert [error["code"] for error in answer.json()["errors"]] == [code]


async def test_a_registration_on_consent_says_how_it_was_given(client: httpx.AsyncClient) -> None:
    refused = await client.post("/v1/workers", json=new_worker(basis="consent"))
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "consent_how")
    worker_id = await registered(client, basis="consent", consent_how="paper")
    (held,) = (await client.get(f"/v1/workers/{worker_id}/consents")).json()["items"]
    assert held["what"] == What.REGISTRATION
    assert (await seen(client, worker_id))["staff"]["visible"] is True
    await taken_back(client, worker_id, held["id"])
    assert (await seen(client, worker_id))["staff"]["visible"] is False


async def test_who_leaves_takes_everything_back_and_comes_back_with_nothing(client: httpx.AsyncClient) -> None:
    worker_id = await registered(client)
    await declared(client, worker_id, **AGREED)
    await client.post(f"/v1/workers/{worker_id}/withdrawal")
    assert (await client.post(f"/v1/workers/{worker_id}/consents", json=AGREED)).json()["code"] == "worker_withdrawn"
    assert await registered(client) == worker_id
    told = (await seen(client, worker_id))["employers"]
    assert (told["visible"], told["reasons"][0]["code"]) == (False, "consent_employers")


async def test_another_persons_declaration_is_not_found(client: httpx.AsyncClient) -> None:
    worker_id = await registered(client)
    answer = await taken_back(client, worker_id, "c_01M86VN9T8ZP7DWA9P3P3EPQDA")
    assert (answer.status_code, answer.json()["code"]) == (404, "consent_not_found")


async def test_search_follows_what_people_say(client: httpx.AsyncClient) -> None:
    worker_id = await registered(client, words={"intention_occupations": "保洁", "intention_places": "上海"})
    posting = (await client.post("/v1/postings", json=new_posting(title="保洁员", words={}))).json()

    async def proposed() -> bool:
        found = (await client.get(f"/v1/postings/{posting['id']}/candidates")).json().get("items", [])
        return worker_id in {item["worker_id"] for item in found}

    async def gone() -> bool:
        return not await proposed()

    await until(proposed)
    objection = await declared(client, worker_id, what="ranking_objection", how="staff")
    await until(gone)
    answer = await client.get(f"/v1/workers/{worker_id}/openings")
    assert (answer.status_code, answer.json()["code"]) == (409, "ranking_refused")
    await taken_back(client, worker_id, objection)
    await until(proposed)
