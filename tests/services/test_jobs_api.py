"""/v1/postings from outside: create, read, amend, withdraw, list."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from services.contracts.envelope import Envelope
from services.contracts.events import POSTING_CHANGED, POSTING_GONE, PostingChanged
from services.jobs.app import MIGRATIONS, build, part
from services.jobs.resources import Jobs
from services.jobs.schemas import NewPosting
from services.jobs.tables import outbox
from services.kernel.http.application import create_application
from services.kernel.http.local_credential import LocalCredential
from services.kernel.store import migrate
from services.kernel.vault.port import VaultSealed
from tests.builders import CLOCK, new_posting, serving, settings


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[tuple[httpx.AsyncClient, Jobs]]:
    """The jobs service alone, on a database of its own, on 2026-11-01."""
    application = create_application(
        title="jobs", parts=[part(settings(tmp_path), CLOCK)], authenticator=LocalCredential.ensure(tmp_path)
    )
    async with serving(application, tmp_path) as client:
        yield client, application.state.jobs


@pytest.fixture
def client(served: tuple[httpx.AsyncClient, Jobs]) -> httpx.AsyncClient:
    return served[0]


@pytest.fixture
def jobs(served: tuple[httpx.AsyncClient, Jobs]) -> Jobs:
    return served[1]


async def _create(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    response = await client.post("/v1/postings", json=new_posting(**changes))
    assert response.status_code == 201, response.text
    created: dict[str, Any] = response.json()
    return created


async def _told(jobs: Jobs) -> list[Envelope]:
    async with jobs.store.read() as connection:
        rows = await connection.execute(select(outbox).order_by(outbox.c.id))
        return [Envelope.parse(row.headers, row.value) for row in rows]


def _code(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


async def test_a_posting_is_created_read_and_told(client: httpx.AsyncClient, jobs: Jobs) -> None:
    response = await client.post("/v1/postings", json=new_posting())
    created = response.json()
    assert (response.status_code, response.headers["etag"]) == (201, '"1"')
    assert created["id"].startswith("p_")
    assert (created["division_code"], created["province_code"], created["city_code"]) == ("310115", "310000", "310000")
    assert (created["source"], created["source_text"]) == ("O2", "沪滇劳务协作平台")
    read = await client.get(response.headers["location"])
    assert (read.json(), read.headers["etag"]) == (created, '"1"')
    (told,) = await _told(jobs)
    assert (told.type, told.subject, told.version) == (POSTING_CHANGED, created["id"], 1)
    assert PostingChanged.model_validate_json(told.data or b"").words.description == "带一岁半宝宝，做辅食。"


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"division_code": "999999"}, "unknown_code", "/division_code"),
        ({"employer_kind": "K77"}, "unknown_code", "/employer_kind"),
        ({"source": "微信群"}, "unknown_code", "/source"),
        ({"headcount": 0}, "invalid_input", "/headcount"),
        ({"headcount": 10_001}, "invalid_input", "/headcount"),
        ({"pay_max": 6000}, "invalid_input", "/pay_max"),
        ({"valid_until": "2026-10-31"}, "invalid_input", "/valid_until"),
        ({"valid_until": "31.10.2026"}, "invalid_input", "/valid_until"),
        ({"title": "  "}, "invalid_input", "/title"),
        ({"version": 7}, "invalid_input", "/version"),
        ({"words": {"colour": "red"}}, "invalid_input", "/words/colour"),
        ({"words": {"hours": "长" * 4001}}, "invalid_input", "/words/hours"),
    ],
)
async def test_bad_input_is_named(
    client: httpx.AsyncClient, jobs: Jobs, changes: dict[str, Any], code: str, pointer: str
) -> None:
    response = await client.post("/v1/postings", json=new_posting(**changes))
    assert _code(response) == (400, code)
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
    assert await _told(jobs) == []


async def test_an_unknown_code_is_named(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/postings", json=new_posting(employer_kind="K77"))
    assert "K77" in response.json()["detail"]


async def test_what_the_server_decides_cannot_be_sent(client: httpx.AsyncClient) -> None:
    created = await _create(client)
    for column in set(created) - set(NewPosting.model_fields) | {"employer_key", "known_by", "imported_digest"}:
        response = await client.post("/v1/postings", json=new_posting(number="other", **{column: created.get(column)}))
        assert _code(response) == (400, "invalid_input"), column


async def test_an_employer_s_number_is_unique(client: httpx.AsyncClient) -> None:
    created = await _create(client)
    again = await client.post("/v1/postings", json=new_posting(employer_name="上海棠梨湾 家庭服务有限公司"))
    assert _code(again) == (409, "posting_exists")
    await _create(client, employer_name="别家公司")
    other = await _create(client, number="P102")
    amended = await client.patch(f"/v1/postings/{other['id']}", json={"number": created["number"]}, headers={"If-Match": '"1"'})
    assert _code(amended) == (409, "posting_exists")
    await _create(client, number="")
    await _create(client, number="")


async def test_amending_takes_the_version_that_was_seen(client: httpx.AsyncClient, jobs: Jobs) -> None:
    path = f"/v1/postings/{(await _create(client))['id']}"
    assert _code(await client.patch(path, json={"headcount": 5})) == (428, "precondition_required")
    assert _code(await client.patch(path, json={"headcount": 5}, headers={"If-Match": "1"})) == (400, "malformed_etag")
    amended = await client.patch(path, json={"headcount": 5}, headers={"If-Match": '"1"'})
    assert (amended.status_code, amended.headers["etag"], amended.json()["headcount"]) == (200, '"2"', 5)
    assert _code(await client.patch(path, json={"headcount": 6}, headers={"If-Match": '"1"'})) == (412, "version_mismatch")
    assert [event.version for event in await _told(jobs)] == [1, 2]


async def test_of_two_who_amend_at_once_one_wins(client: httpx.AsyncClient, jobs: Jobs) -> None:
    path = f"/v1/postings/{(await _create(client))['id']}"
    answers = await asyncio.gather(
        *(client.patch(path, json={"headcount": number}, headers={"If-Match": '"1"'}) for number in range(10, 16))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412, 412]
    assert [event.version for event in await _told(jobs)] == [1, 2]


async def test_amending_is_a_merge(client: httpx.AsyncClient) -> None:
    path = f"/v1/postings/{(await _create(client))['id']}"
    changes = {"pay_max": None, "words": {"hours": "做六休一"}, "division_code": "530627", "employer_kind_text": "养老院"}
    amended = (await client.patch(path, json=changes, headers={"If-Match": '"1"'})).json()
    assert (amended["pay_min"], amended["pay_max"]) == (7000, None)
    assert (amended["words"]["hours"], amended["words"]["lodging"]) == ("做六休一", "住雇主家，单间")
    assert (amended["province_code"], amended["city_code"], amended["district_code"]) == ("530000", "530600", "530627")
    assert amended["employer_kind"] == "K03"


async def test_amending_nothing_makes_no_version(client: httpx.AsyncClient, jobs: Jobs) -> None:
    path = f"/v1/postings/{(await _create(client))['id']}"
    same = await client.patch(path, json={"headcount": 3}, headers={"If-Match": '"1"'})
    assert (same.status_code, same.headers["etag"]) == (200, '"1"')
    assert len(await _told(jobs)) == 1


@pytest.mark.parametrize("body", [{}, {"title": None}, {"words": None}, {"headcount": None}])
async def test_an_empty_change_is_refused(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    path = f"/v1/postings/{(await _create(client))['id']}"
    assert _code(await client.patch(path, json=body, headers={"If-Match": '"1"'})) == (400, "invalid_input")


async def test_withdrawing_is_for_good_and_told_as_gone(client: httpx.AsyncClient, jobs: Jobs) -> None:
    path = f"/v1/postings/{(await _create(client))['id']}"
    gone = await client.post(f"{path}/withdrawal", json={"reason": "已招满"})
    assert (gone.status_code, gone.json()["status"], gone.json()["reason"]) == (200, "withdrawn", "已招满")
    assert (await client.post(f"{path}/withdrawal")).headers["etag"] == '"2"'
    assert (await client.get(path)).json()["status"] == "withdrawn"
    amended = await client.patch(path, json={"headcount": 5}, headers={"If-Match": '"2"'})
    assert _code(amended) == (409, "posting_withdrawn")
    assert [(event.type, event.version) for event in await _told(jobs)] == [(POSTING_CHANGED, 1), (POSTING_GONE, 2)]
    assert (await client.get("/v1/postings/counts")).json() == {"postings": 0, "vacancies": 0, "unpublished": 2}


async def test_who_is_not_there_is_404(client: httpx.AsyncClient) -> None:
    for posting_id in ("p_01JD3ZK8M2Q4R6T8V0X2Z4B6D9", "x", "九"):
        path = f"/v1/postings/{posting_id}"
        assert _code(await client.get(path)) == (404, "posting_not_found")
        assert _code(await client.patch(path, json={"headcount": 1}, headers={"If-Match": '"1"'})) == (404, "posting_not_found")
        assert _code(await client.post(f"{path}/withdrawal")) == (404, "posting_not_found")


async def test_a_retry_creates_nothing_new(client: httpx.AsyncClient, jobs: Jobs) -> None:
    key = {"Idempotency-Key": "01JD3ZK8"}
    first = await client.post("/v1/postings", json=new_posting(), headers=key)
    again = await client.post("/v1/postings", json=new_posting(), headers=key)
    assert (again.status_code, again.content, again.headers["location"], again.headers["etag"]) == (
        201,
        first.content,
        first.headers["location"],
        '"1"',
    )
    other = await client.post("/v1/postings", json=new_posting(headcount=9), headers=key)
    assert _code(other) == (422, "idempotency_key_reused")
    assert len(await _told(jobs)) == 1


async def test_retries_at_once_have_one_effect(client: httpx.AsyncClient, jobs: Jobs) -> None:
    answers = await asyncio.gather(
        *(client.post("/v1/postings", json=new_posting(), headers={"Idempotency-Key": "k"}) for _ in range(8))
    )
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"request_in_progress"}
    assert len(await _told(jobs)) == 1


async def test_a_refused_request_may_be_corrected_under_its_key(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "k"}
    assert (await client.post("/v1/postings", json=new_posting(headcount=0), headers=key)).status_code == 400
    assert (await client.post("/v1/postings", json=new_posting(), headers=key)).status_code == 201


@pytest.mark.parametrize("key", ["", "a b", "钥匙", "x" * 256])
async def test_keys_are_plain(client: httpx.AsyncClient, key: str) -> None:
    response = await client.post("/v1/postings", json=new_posting(), headers={b"Idempotency-Key": key.encode()})
    assert _code(response) == (400, "invalid_input")


async def test_what_the_reader_has_is_not_sent_again(client: httpx.AsyncClient) -> None:
    path = f"/v1/postings/{(await _create(client))['id']}"
    same = await client.get(path, headers={"If-None-Match": '"1"'})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", '"1"')
    await client.patch(path, json={"headcount": 5}, headers={"If-Match": '"1"'})
    assert (await client.get(path, headers={"If-None-Match": '"1"'})).json()["headcount"] == 5


async def _numbers(client: httpx.AsyncClient, **filters: Any) -> list[str]:
    """The numbers of all postings listed, three a page."""
    numbers: list[str] = []
    cursor: str | None = None
    while True:
        parameters = filters | {"limit": 3} | ({"cursor": cursor} if cursor else {})
        response = await client.get("/v1/postings", params=parameters)
        assert response.status_code == 200, response.text
        page = response.json()
        numbers += [posting["number"] for posting in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return numbers
        assert len(page["items"]) == 3


async def test_pages_show_everything_once(client: httpx.AsyncClient) -> None:
    created = [(await _create(client, number=f"P{number}"))["number"] for number in range(9)]
    assert await _numbers(client) == created[::-1]


async def test_filters(client: httpx.AsyncClient) -> None:
    await _create(client, number="pudong")
    await _create(client, number="zhenxiong", division_code="530627")
    await _create(client, number="dongguan", division_code="441900", valid_until="2026-11-01")
    gone = await _create(client, number="gone", division_code="441900")
    await client.post(f"/v1/postings/{gone['id']}/withdrawal")
    assert await _numbers(client, number="pudong") == ["pudong"]
    assert await _numbers(client, number="nothing") == []
    assert await _numbers(client, province_code="440000") == ["gone", "dongguan"]
    assert await _numbers(client, city_code="310000") == ["pudong"]
    assert await _numbers(client, city_code="530600", district_code="530627") == ["zhenxiong"]
    assert await _numbers(client, status="withdrawn") == ["gone"]
    assert await _numbers(client, open="true") == ["dongguan", "zhenxiong", "pudong"]


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"province_code": "999999"}, "unknown_code"),
        ({"province_code": "310115"}, "unknown_code"),
        ({"city_code": "310115"}, "unknown_code"),
        ({"district_code": "13800001111"}, "unknown_code"),
        ({"status": "secret"}, "invalid_input"),
        ({"limit": "0"}, "invalid_input"),
        ({"limit": "201"}, "invalid_input"),
        ({"offset": "5"}, "unknown_parameter"),
        ({"cursor": "Zm9yZ2Vk"}, "bad_cursor"),
        ({"cursor": "x" * 600}, "invalid_input"),
    ],
)
async def test_a_list_refuses_what_it_does_not_know(client: httpx.AsyncClient, parameters: dict[str, str], code: str) -> None:
    response = await client.get("/v1/postings", params=parameters)
    assert _code(response) == (400, code)
    assert "13800001111" not in response.text


async def test_a_cursor_fits_the_filters_it_was_given_for(client: httpx.AsyncClient) -> None:
    for number in range(3):
        await _create(client, number=f"P{number}")
    cursor = (await client.get("/v1/postings", params={"limit": 1})).json()["next_cursor"]
    assert (await client.get("/v1/postings", params={"limit": 2, "cursor": cursor})).json()["next_cursor"] is None
    other = await client.get("/v1/postings", params={"cursor": cursor, "province_code": "310000"})
    assert _code(other) == (400, "bad_cursor")


async def test_what_was_acknowledged_is_there_after_a_restart(tmp_path: Path) -> None:
    async def once(path: str | None) -> Any:
        application = create_application(
            title="jobs", parts=[part(settings(tmp_path), CLOCK)], authenticator=LocalCredential.ensure(tmp_path)
        )
        async with serving(application, tmp_path) as client:
            if path is None:
                return (await client.post("/v1/postings", json=new_posting())).headers["location"]
            return (await client.get(path)).json()["number"]

    assert await once(await once(None)) == "P101"


async def test_with_another_key_the_service_does_not_start(tmp_path: Path) -> None:
    config = settings(tmp_path)
    await migrate(config.jobs_store_url, MIGRATIONS)
    async with serving(build(config), tmp_path) as client:
        assert (await client.get("/v1/postings/counts")).json()["postings"] == 0
    config.key_file.unlink()
    with pytest.raises(VaultSealed):
        async with serving(build(config), tmp_path):
            pass
    assert not config.key_file.exists()  # no new one is made over a lost one
