"""Webhooks from outside: told once, signed, retried over days, disabled when dead, never led astray."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.jobs.webhooks.sending import Sender
from services.jobs.webhooks.signing import signature
from services.jobs.webhooks.worker import Worker
from tests.builders import new_posting
from tests.principals import bearer
from tests.servers.certificate import write_certificate
from tests.services.jobs_service import Served, database_bytes, jobs_service
from tests.services.test_employers_api import uscc
from tests.services.webhook_receiver import Receiver, receiver


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with jobs_service(tmp_path, webhooks_reach_private=True) as service:
        await service.jobs.background.__aexit__()  # the test takes the steps by hand
        await service.employer("mine", uscc=uscc(1))
        await service.employer("other", uscc=uscc(2))
        yield service


@pytest.fixture
async def portal() -> AsyncIterator[Receiver]:
    async with receiver() as one:
        yield one


def worker(served: Served, sender: Sender | None = None) -> Worker:
    jobs = served.jobs
    return Worker(jobs.store, jobs.vault, jobs.audit, served.clock, sender or Sender(reach_private=True))


async def _call(served: Served, method: str, path: str, body: Any = None, **headers: str) -> Any:
    response = await served.client.request(method, path, json=body, headers=bearer("mine") | headers)
    assert response.is_success, response.text
    return response.json() if response.content else None


async def _subscribe(served: Served, portal: Receiver, *types: str) -> dict[str, Any]:
    url = f"http://127.0.0.1:{portal.port}/hook"
    made: dict[str, Any] = await _call(served, "POST", "/v1/webhooks", {"url": url, "event_types": types})
    return made


async def _publish(served: Served, reference: str = "A-1") -> dict[str, Any]:
    body = new_posting(employer_name=None, number="", external_reference=reference)
    made: dict[str, Any] = await _call(served, "POST", "/v1/postings", body)
    return made


async def test_a_change_is_told_once_and_signed(served: Served, portal: Receiver) -> None:
    endpoint = await _subscribe(served, portal)
    posting = await _publish(served)
    deliver = worker(served)
    assert await deliver.step() == 1
    assert await deliver.step() == 0
    (came,) = portal.received
    told = json.loads(came.body)
    assert (told["type"], told["data"]["id"], told["data"]["external_reference"]) == ("posting.published", posting["id"], "A-1")
    assert told["data"]["document"]["title"] == posting["title"]
    assert (came.path, came.headers["host"]) == ("/hook", f"127.0.0.1:{portal.port}")
    stamp = int(came.headers["webhook-timestamp"])
    assert stamp == int(served.clock.now().timestamp())
    assert came.headers["webhook-signature"] == signature(endpoint["secret"], came.headers["webhook-id"], stamp, came.body)


async def test_only_what_was_asked_for_and_only_ones_own(served: Served, portal: Receiver) -> None:
    await _subscribe(served, portal, "posting.withdrawn")
    posting = await _publish(served)
    other = new_posting(employer_name=None, number="")
    made = await served.client.post("/v1/postings", json=other, headers=bearer("other"))
    await served.client.post(f"/v1/postings/{made.json()['id']}/withdrawal", headers=bearer("other"))
    await _call(served, "POST", f"/v1/postings/{posting['id']}/withdrawal", {"reason_code": "filled"})
    while await worker(served).step():
        pass
    (came,) = portal.received
    told = json.loads(came.body)
    assert (told["type"], told["data"]["removed"], told["data"]["reason_code"]) == ("posting.withdrawn", True, "filled")
    assert told["data"]["keys"]["province_code"] == "310000"


async def test_what_fails_is_tried_again_under_the_same_id(served: Served, portal: Receiver) -> None:
    endpoint = await _subscribe(served, portal)
    portal.answers = [500, 204]
    await _publish(served)
    deliver = worker(served)
    assert await deliver.step() == 1
    assert await deliver.step() == 0  # not due yet
    served.clock.move(seconds=6)
    assert await deliver.step() == 1
    first, second = portal.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    assert first.body == second.body
    (delivery,) = (await _call(served, "GET", f"/v1/webhooks/{endpoint['id']}/deliveries"))["items"]
    detail = await _call(served, "GET", f"/v1/webhooks/{endpoint['id']}/deliveries/{delivery['id']}")
    assert (detail["state"], [one["status"] for one in detail["log"]]) == ("delivered", [500, 204])
    assert (await _call(served, "GET", f"/v1/webhooks/{endpoint['id']}"))["failing_since"] is None


async def test_after_three_days_of_failing_an_endpoint_is_disabled_with_a_notice(served: Served, portal: Receiver) -> None:
    endpoint = await _subscribe(served, portal)
    portal.answers = [503]
    await _publish(served)
    deliver = worker(served)
    for _ in range(10):
        assert await deliver.step() == 1
        served.clock.move(hours=27)
    path = f"/v1/webhooks/{endpoint['id']}"
    dead = await _call(served, "GET", path)
    assert (dead["state"], dead["reason"]) == ("disabled", "dead")
    notices = [item for item in (await _call(served, "GET", "/v1/changes"))["items"] if item["kind"] == "webhook"]
    assert [(item["id"], item["status"], item["reason_code"]) for item in notices] == [(endpoint["id"], "disabled", "dead")]
    await _publish(served, "A-2")
    assert await deliver.step() == 0
    portal.answers = [204]
    back = await _call(served, "PATCH", path, {"state": "active"}, **{"If-Match": f'"{dead["version"]}"'})
    assert (back["state"], back["reason"]) == ("active", "")
    (failed,) = (await _call(served, "GET", f"{path}/deliveries?state=failed"))["items"]
    await _call(served, "POST", f"{path}/deliveries/{failed['id']}/redelivery")
    assert await deliver.step() == 1
    assert portal.received[-1].headers["webhook-id"] == portal.received[0].headers["webhook-id"]


async def test_gone_is_believed_at_once(served: Served, portal: Receiver) -> None:
    endpoint = await _subscribe(served, portal)
    portal.answers = [410]
    await _publish(served)
    assert await worker(served).step() == 1
    gone = await _call(served, "GET", f"/v1/webhooks/{endpoint['id']}")
    assert (gone["state"], gone["reason"]) == ("disabled", "gone")


async def test_a_redirect_is_not_followed(served: Served, portal: Receiver) -> None:
    await _subscribe(served, portal)
    portal.answers = [f"HTTP/1.1 307 Elsewhere\r\nlocation: http://127.0.0.1:{portal.port}/inside"]
    await _publish(served)
    assert await worker(served).step() == 1
    assert [came.path for came in portal.received] == ["/hook"]


async def test_secrets_rotate_without_a_gap(served: Served, portal: Receiver, tmp_path: Path) -> None:
    endpoint = await _subscribe(served, portal)
    turned = await _call(served, "POST", f"/v1/webhooks/{endpoint['id']}/secret")
    assert turned["secret"] != endpoint["secret"]
    assert turned["secret_valid_until"] is not None
    await _call(served, "POST", f"/v1/webhooks/{endpoint['id']}/ping")
    await worker(served).step()
    (came,) = portal.received
    stamp, message = int(came.headers["webhook-timestamp"]), came.headers["webhook-id"]
    both = [signature(one["secret"], message, stamp, came.body) for one in (turned, endpoint)]
    assert came.headers["webhook-signature"].split() == both
    kept = await asyncio.to_thread(database_bytes, tmp_path)
    assert endpoint["secret"].removeprefix("whsec_").encode() not in kept
    assert turned["secret"].removeprefix("whsec_").encode() not in kept


async def test_a_name_is_asked_once_and_exactly_that_address_is_connected_to(portal: Receiver) -> None:
    """DNS rebinding: the name answers otherwise as soon as it is asked again. Nobody asks again: an attempt that went by the
    name a second time would reach nobody here."""
    asked: list[str] = []

    async def rebinding(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    async with Sender(reach_private=True, resolve=rebinding) as sender:
        assert (await sender.post(f"http://portal.test:{portal.port}/hook", {}, b"{}")).status == 204
    assert asked == ["portal.test"]
    assert [came.headers["host"] for came in portal.received] == [f"portal.test:{portal.port}"]


async def test_a_name_that_leads_inside_is_not_connected_to(portal: Receiver) -> None:
    async def inside(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    async with Sender(reach_private=False, resolve=inside) as sender:
        refused = await sender.post(f"https://portal.test:{portal.port}/hook", {}, b"{}")
    assert (refused.status, refused.error) == (None, "not allowed: the name leads to a private address")
    assert portal.received == []


async def test_tls_is_checked_against_the_name_at_the_address_that_was_judged(tmp_path: Path) -> None:
    private, public = tmp_path / "key.pem", tmp_path / "certificate.pem"
    await asyncio.to_thread(write_certificate, private, public, "portal.test")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(private)

    async def here(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    async with receiver(tls) as portal:
        sender = Sender(reach_private=True, resolve=here, trust=ssl.create_default_context(cafile=public))
        assert (await sender.post(f"https://portal.test:{portal.port}/hook", {}, b"{}")).status == 204
        other = await sender.post(f"https://other.test:{portal.port}/hook", {}, b"{}")
        assert (other.status, other.error.split(":")[0]) == (None, "ConnectError")
        assert [came.headers["host"] for came in portal.received] == [f"portal.test:{portal.port}"]


async def test_two_workers_share_the_queue(served: Served, portal: Receiver) -> None:
    await _subscribe(served, portal)
    for number in range(20):
        await _publish(served, f"A-{number}")
    one, other = worker(served), worker(served)
    while sum(await asyncio.gather(one.step(), other.step())):
        pass
    ids = [came.headers["webhook-id"] for came in portal.received]
    assert len(ids) == len(set(ids)) == 20


async def test_what_a_dead_worker_had_in_hand_is_taken_up(served: Served, portal: Receiver) -> None:
    from services.jobs.webhooks import queue  # noqa: PLC0415 - only here

    await _subscribe(served, portal)
    await _publish(served)
    async with served.jobs.store.write() as connection:
        assert len(await queue.lease(connection, served.jobs.vault, served.clock.now(), 10)) == 1
    deliver = worker(served)
    assert await deliver.step() == 0
    served.clock.move(seconds=queue.LEASE / timedelta(seconds=1) + 1)
    assert await deliver.step() == 1


async def test_an_endpoint_is_its_owners(served: Served, portal: Receiver) -> None:
    endpoint = await _subscribe(served, portal)
    path = f"/v1/webhooks/{endpoint['id']}"
    for method, where in (("GET", ""), ("DELETE", ""), ("POST", "/secret"), ("POST", "/ping"), ("GET", "/deliveries")):
        refused = await served.client.request(method, path + where, headers=bearer("other"))
        assert (refused.status_code, refused.json()["code"]) == (404, "webhook_not_found")
    assert "secret" not in await _call(served, "GET", path)
    twice = await served.client.post("/v1/webhooks", json={"url": endpoint["url"]}, headers=bearer("mine"))
    assert (twice.status_code, twice.json()["code"]) == (409, "webhook_exists")
    await _call(served, "DELETE", path)
    assert (await _call(served, "GET", "/v1/webhooks"))["items"] == []


async def test_outside_development_only_public_https_will_do(tmp_path: Path) -> None:
    async with jobs_service(tmp_path) as served:
        await served.employer("mine", uscc=uscc(1))
        for url in ("http://portal.example/hook", "https://127.0.0.1/hook", "https://localhost/"):
            refused = await served.client.post("/v1/webhooks", json={"url": url}, headers=bearer("mine"))
            assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "url_not_allowed")
        unknown = {"url": "https://portal.example/hook", "event_types": ["referral.created"]}
        refused = await served.client.post("/v1/webhooks", json=unknown, headers=bearer("mine"))
        assert (refused.status_code, refused.json()["code"]) == (400, "unknown_code")
