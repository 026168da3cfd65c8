"""/v1/workers over HTTP: registering, reading masked, amending by version, leaving, lists, and imports."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from services.contracts.events import WORKER_CHANGED, WORKER_GONE, WorkerChanged
from services.kernel.http.application import create_application
from services.kernel.http.local_credential import LocalCredential
from services.kernel.imports.imports import UPLOAD_LIMIT
from services.kernel.store import migrate, open_store
from services.kernel.vault.port import VaultSealed
from services.workers import tables
from services.workers.app import MIGRATIONS, build, part
from tests.builders import CLOCK, serving, settings
from tests.registers import REGISTER, identity_number, person, table, xlsx

NUMBER = identity_number(date(1990, 5, 17), 2)
HIS_NUMBER = identity_number(date(1990, 5, 17), 1)


def new_worker(**changes: Any) -> dict[str, Any]:
    """The body of a person who is in order."""
    return {
        "name": "余 德珍",
        "identity_number": NUMBER.lower(),
        "county_code": "530627",
        "sex": "female",
        "phone": "154-0000-6818",
        "number": "W001",
        "township": "乌峰街道",
        "household_category": "HS02",
        "education": "E2",
        "words": {"mandarin": "流利", "health": "高血压", "remark": "余德珍说打15400006818", "intention_occupations": "保洁"},
    } | changes


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    config = settings(tmp_path)
    application = create_application(
        title="人员",
        parts=[part(config, CLOCK)],
        authenticator=LocalCredential.ensure(config.data),
        body_limit=config.body_limit_bytes,
    )
    async with serving(application, tmp_path) as serving_client:
        yield serving_client


async def told(folder: Path) -> list[Any]:
    """What the service put into its outbox."""
    store = open_store(f"sqlite+aiosqlite:///{folder / 'workers.db'}")
    try:
        async with store.read() as connection:
            return list(await connection.execute(select(tables.outbox).order_by(tables.outbox.c.id)))
    finally:
        await store.close()


async def test_registering_answers_masked_and_tells_the_stream_without_identifiers(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    answer = await client.post("/v1/workers", json=new_worker())
    assert answer.status_code == 201
    body = answer.json()
    assert answer.headers["Location"] == f"/v1/workers/{body['id']}"
    assert answer.headers["ETag"] == '"1"'
    assert (body["name"], body["phone"]) == ("余**", "154****6818")
    assert body["identity_number"] == f"5399**********{NUMBER[-4:]}"
    assert (body["birth_date"], body["age"], body["sex"]) == ("1990-05-17", 36, "female")
    assert (body["mandarin"], body["county_name"]) == ("M5", "昭通市镇雄县")
    assert body["words"]["remark"] == "***说打***"
    (row,) = await told(tmp_path)
    event = WorkerChanged.model_validate_json(row.value)
    assert (row.headers["ce_type"], row.key, event.version) == (WORKER_CHANGED, body["id"], 1)
    assert (event.masked_name, event.county_code, event.household_category) == ("余**", "530627", "HS02")
    assert event.words.remark == "***说打***"
    for identifier in ("余德珍", NUMBER, "15400006818", "高血压", "female"):
        assert identifier not in row.value.decode()
    read = await client.get(answer.headers["Location"])
    assert read.json() == body


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"identity_number": "5"}, "identity_length", "/identity_number"),
        ({"identity_number": NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")}, "identity_check_digit", "/identity_number"),
        ({"identity_number": identity_number(date(2010, 11, 2), 2)}, "under_16", "/identity_number"),
        ({"identity_number": HIS_NUMBER}, "sex_mismatch", "/sex"),
        ({"phone": "138"}, "implausible_phone", "/phone"),
        ({"name": ""}, "string_too_short", "/name"),
        ({"name": " "}, "string_too_short", "/name"),
        ({"education": "E9"}, "unknown_code", "/education"),
        ({"household_category": "HS99"}, "unknown_code", "/household_category"),
        ({"county_code": "530600"}, "unknown_code", "/county_code"),
        ({"county_code": "999999"}, "unknown_code", "/county_code"),
        ({"basis": "whim"}, "literal_error", "/basis"),
        ({"relocated": "是"}, "bool_type", "/relocated"),
        ({"salary": 1}, "extra_forbidden", "/salary"),
        ({"words": {"poem": "x"}}, "extra_forbidden", "/words/poem"),
        ({"words": {"remark": "长" * 4001}}, "string_too_long", "/words/remark"),
        ({"words": {"remark": "a\u0000b"}}, "control_character", "/words/remark"),
    ],
)
async def test_what_breaks_a_rule_is_refused_with_its_field(
    client: httpx.AsyncClient, changes: dict[str, Any], code: str, field: str, tmp_path: Path
) -> None:
    answer = await client.post("/v1/workers", json=new_worker(**changes))
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [(error["code"], error["pointer"]) for error in answer.json()["errors"]] == [(code, field)]
    assert NUMBER not in answer.text
    assert await told(tmp_path) == []


async def test_unknown_codes_are_named(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/workers", json=new_worker(education="E9", mandarin="M0"))
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_code")
    assert "E9" in answer.json()["detail"]
    assert "M0" in answer.json()["detail"]
    listed = await client.get("/v1/workers", params={"county_code": "000000"})
    assert (listed.status_code, listed.json()["code"]) == (400, "unknown_code")


async def test_one_person_is_registered_once(client: httpx.AsyncClient) -> None:
    assert (await client.post("/v1/workers", json=new_worker())).status_code == 201
    again = await client.post("/v1/workers", json=new_worker(name="别名"))
    assert (again.status_code, again.json()["code"]) == (409, "worker_exists")


async def test_the_same_request_sent_again_has_one_effect(client: httpx.AsyncClient, tmp_path: Path) -> None:
    answers = [await client.post("/v1/workers", json=new_worker(), headers={"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert len(await told(tmp_path)) == 1


async def test_amending_needs_the_version_that_was_seen(client: httpx.AsyncClient, tmp_path: Path) -> None:
    place = (await client.post("/v1/workers", json=new_worker())).headers["Location"]
    assert (await client.patch(place, json={"phone": ""})).status_code == 428
    assert (await client.patch(place, json={"phone": ""}, headers={"If-Match": '"9"'})).status_code == 412
    change = {"phone": "", "household_category": None, "words": {"education": "高中毕业", "remark": "改了"}}
    amended = await client.patch(place, json=change, headers={"If-Match": '"1"'})
    body = amended.json()
    assert (amended.status_code, amended.headers["ETag"], body["version"]) == (200, '"2"', 2)
    assert (body["phone"], body["household_category"], body["education"]) == ("", None, "E3")
    assert (body["words"]["remark"], body["words"]["intention_occupations"]) == ("改了", "保洁")
    same = await client.patch(place, json=change, headers={"If-Match": '"2"'})
    assert same.headers["ETag"] == '"2"'
    assert [row.version for row in await told(tmp_path)] == [1, 2]


@pytest.mark.parametrize(
    "change", [{}, {"name": None}, {"identity_number": None}, {"sex": "male"}, {"version": 7}, {"id": "w_1"}]
)
async def test_what_may_not_be_amended_is_refused(client: httpx.AsyncClient, change: dict[str, Any]) -> None:
    place = (await client.post("/v1/workers", json=new_worker())).headers["Location"]
    assert (await client.patch(place, json=change, headers={"If-Match": '"1"'})).status_code == 400


async def test_a_corrected_number_must_be_nobody_elses(client: httpx.AsyncClient) -> None:
    await client.post("/v1/workers", json=new_worker())
    other = await client.post("/v1/workers", json=new_worker(identity_number=HIS_NUMBER, sex="male"))
    place = other.headers["Location"]
    taken = await client.patch(place, json={"identity_number": NUMBER}, headers={"If-Match": '"1"'})
    assert (taken.status_code, taken.json()["code"]) == (409, "worker_exists")
    free = identity_number(date(1991, 1, 1), 3)
    corrected = await client.patch(place, json={"identity_number": free}, headers={"If-Match": '"1"'})
    assert (corrected.status_code, corrected.json()["birth_date"]) == (200, "1991-01-01")


async def test_who_leaves_is_gone_from_the_stream_and_comes_back_under_the_same_id(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    place = (await client.post("/v1/workers", json=new_worker())).headers["Location"]
    gone = await client.post(f"{place}/withdrawal", json={"reason": "本人要求"})
    assert (gone.status_code, gone.json()["state"], gone.json()["version"]) == (200, "withdrawn", 2)
    again = await client.post(f"{place}/withdrawal")
    assert again.json()["version"] == 2
    changed = await client.patch(place, json={"phone": ""}, headers={"If-Match": '"2"'})
    assert (changed.status_code, changed.json()["code"]) == (409, "worker_withdrawn")
    assert (await client.get("/v1/workers", params={"state": "registered"})).json()["items"] == []
    back = await client.post("/v1/workers", json=new_worker())
    assert (back.status_code, back.headers["Location"], back.json()["version"]) == (201, place, 3)
    rows = await told(tmp_path)
    assert [(row.headers["ce_type"], row.value is None) for row in rows] == [
        (WORKER_CHANGED, False),
        (WORKER_GONE, True),
        (WORKER_CHANGED, False),
    ]


async def test_nobody_is_not_found(client: httpx.AsyncClient) -> None:
    for answer in (
        await client.get("/v1/workers/w_none"),
        await client.patch("/v1/workers/w_none", json={"phone": ""}, headers={"If-Match": '"1"'}),
        await client.post("/v1/workers/w_none/withdrawal"),
        await client.get("/v1/workers/imports/imp_none"),
        await client.get("/v1/workers/imports/imp_none/report.xlsx"),
    ):
        assert answer.status_code == 404


async def imported(client: httpx.AsyncClient, content: bytes) -> dict[str, Any]:
    """Upload a sheet and wait until it is imported."""
    accepted = await client.post("/v1/workers/imports", files={"file": ("台账.xlsx", content)})
    assert accepted.status_code == 202
    while (view := (await client.get(accepted.headers["Location"])).json())["state"] in ("waiting", "running"):  # noqa: ASYNC110 - as clients do
        await asyncio.sleep(0.01)
    result: dict[str, Any] = view
    return result


async def test_the_register_comes_in_over_http(client: httpx.AsyncClient) -> None:
    view = await imported(client, REGISTER.read_bytes())
    assert (view["source"], view["accepted"], view["warned"], view["rejected"]) == ("台账.xlsx", 143, 3, 9)
    sheet = await client.get(f"/v1/workers/imports/{view['id']}/report.xlsx")
    assert sheet.headers["Cache-Control"] == "no-store"
    assert sheet.content.startswith(b"PK")
    assert (await client.get("/v1/workers/counts")).json() == {"workers": 143, "withdrawn": 0, "unpublished": 143}
    (found,) = (await client.get("/v1/workers", params={"number": "W003"})).json()["items"]
    assert (found["name"], found["county_name"]) == ("杨**", "曲靖市会泽县")


async def test_pages_show_everybody_once(client: httpx.AsyncClient) -> None:
    await imported(client, xlsx(table([person(number, 县="镇雄县" if number % 2 else "彝良县") for number in range(1, 26)])))
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await client.get("/v1/workers", params={"limit": "4", "county_code": "530627"} | cursor)).json()
        seen += [item["number"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert sorted(seen) == [f"A{number:04d}" for number in range(1, 26, 2)]
    other = await client.get("/v1/workers", params={"county_code": "530628"} | cursor)
    assert (other.status_code, other.json()["code"]) == (400, "bad_cursor")


async def test_a_raw_body_is_a_file_too(client: httpx.AsyncClient) -> None:
    content = xlsx(table([person(1)]))
    answer = await client.post(
        "/v1/workers/imports",
        params={"filename": "../秘密/台账.xlsx"},
        content=content,
        headers={"Content-Type": "application/octet-stream"},
    )
    assert (answer.status_code, answer.json()["source"]) == (202, "台账.xlsx")


async def test_uploads_that_are_none_are_refused(client: httpx.AsyncClient) -> None:
    path = "/v1/workers/imports"
    wrong_field = await client.post(path, files={"sheet": ("a.xlsx", b"x")})
    assert (wrong_field.status_code, wrong_field.json()["errors"][0]["pointer"]) == (400, "/file")
    for content_type in ("multipart/form-data", "multipart/form-data; boundary=x"):
        torn = await client.post(path, content=b"nonsense", headers={"Content-Type": content_type})
        assert torn.status_code == 400
    json = await client.post(path, json={})
    assert json.status_code == 415
    large = await client.post(path, content=bytes(UPLOAD_LIMIT + 1), headers={"Content-Type": "text/csv"})
    assert (large.status_code, large.json()["code"]) == (413, "file_too_large")


async def test_every_route_asks_for_a_credential(client: httpx.AsyncClient) -> None:
    for method, path in (("GET", "/v1/workers"), ("POST", "/v1/workers"), ("POST", "/v1/workers/imports")):
        assert (await client.request(method, path, headers={"Authorization": ""})).status_code == 401


async def test_with_another_key_the_service_does_not_start(tmp_path: Path) -> None:
    config = settings(tmp_path)
    await migrate(config.workers_store_url, MIGRATIONS)
    async with serving(build(config), tmp_path) as client:
        assert (await client.post("/v1/workers", json=new_worker())).status_code == 201
    config.key_file.rename(tmp_path / "kept.key")
    with pytest.raises(VaultSealed):
        async with serving(build(config), tmp_path):
            pass
    assert not config.key_file.exists()
    (tmp_path / "kept.key").rename(config.key_file)
    async with serving(build(config), tmp_path) as client:
        assert (await client.get("/v1/workers/counts")).json()["workers"] == 1
