"""Every error is a problem that tells a program and a person what is wrong, and no one anything else."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import structlog

from tests.builders import serving
from tests.services.small_application import SECRET_WORDS, State, small_application

WRITER = {"Authorization": "Bearer writer.1"}
JSON = {"Content-Type": "application/json"}
MEMBERS = {"type", "title", "status", "detail", "instance", "code", "request_id"}


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with serving(small_application()) as client:
        client.headers.update(WRITER)
        yield client


def _errors(response: httpx.Response) -> list[tuple[str, str]]:
    assert response.headers["content-type"] == "application/problem+json"
    assert response.status_code == 400
    return [(error["pointer"], error["code"]) for error in response.json()["errors"]]


async def _post(client: httpx.AsyncClient, content: str | bytes) -> httpx.Response:
    return await client.post("/v1/things", content=content, headers=JSON)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/v1/things/", 404, "not_found"),
        ("DELETE", "/v1/things/1", 405, "method_not_allowed"),
        ("POST", "/livez", 405, "method_not_allowed"),
        ("GET", "/docs", 404, "not_found"),
    ],
)
async def test_what_the_framework_refuses(client: httpx.AsyncClient, method: str, path: str, status: int, code: str) -> None:
    response = await client.request(method, path)
    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert set(problem) == MEMBERS
    assert problem["type"] == f"urn:yungong:problem:{code}"
    assert problem["instance"] == f"urn:yungong:request:{problem['request_id']}"
    assert problem["request_id"] == response.headers["x-request-id"]
    assert ("allow" in response.headers) == (status == 405)


@pytest.mark.parametrize(
    ("kind", "code"),
    [("store", "store_unavailable"), ("index", "index_unavailable"), ("bus", "bus_unavailable"), ("vault", "vault_sealed")],
)
async def test_what_passes_by_itself_is_503(client: httpx.AsyncClient, kind: str, code: str) -> None:
    response = await client.get(f"/v1/things/fail/{kind}")
    assert (response.status_code, response.json()["code"]) == (503, code)
    assert int(response.headers["retry-after"]) > 0
    assert SECRET_WORDS not in response.text


async def test_what_nobody_foresaw_is_500_and_logged_without_what_it_said(client: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as logged:
        response = await client.get("/v1/things/fail/bug")
    assert (response.status_code, response.json()["code"]) == (500, "internal")
    failure = next(entry for entry in logged if entry["event"] == "request_failed")
    assert failure["error"] == "ZeroDivisionError"
    assert any("small_application.py" in frame for frame in failure["frames"])
    assert SECRET_WORDS not in repr(logged) + response.text


async def test_the_log_line_has_the_route_not_the_path(client: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as logged:
        await client.get(f"/v1/things/{SECRET_WORDS}", params={"name": SECRET_WORDS})
        await client.get(f"/{SECRET_WORDS}")
    assert [(entry["route"], entry["status"]) for entry in logged] == [("/v1/things/{thing_id}", 400), ("-", 404)]
    assert logged[0]["principal"] == "writer"
    assert SECRET_WORDS not in repr(logged)


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        ("01JD3ZK8M2Q4R6T8V0X2Z4B6D8", True),
        ("8a1f6c1e-54a4-4c0a-8f57-0b4d6e0a9f11", True),
        (SECRET_WORDS, False),
        ("13800001111", False),
        ("x" * 200, False),
    ],
)
async def test_a_request_keeps_the_id_a_machine_gave_it(client: httpx.AsyncClient, offered: str, taken: bool) -> None:
    response = await client.get("/livez", headers={"X-Request-ID": offered})
    assert (response.headers["x-request-id"] == offered) == taken


async def test_field_errors_say_where_and_never_what(client: httpx.AsyncClient) -> None:
    response = await _post(client, json.dumps({"count": SECRET_WORDS, "name": SECRET_WORDS * 9, SECRET_WORDS: 1, "until": 7}))
    assert _errors(response) == [
        ("/count", "int_type"),
        ("/name", "string_too_long"),
        ("/until", "date_type"),
        ("/…", "extra_forbidden"),
    ]
    assert SECRET_WORDS not in response.text
    assert [error["detail"] for error in response.json()["errors"]] == [
        "应为整数",
        "最多 20 个字",
        "应为日期，如 2026-11-01",
        "没有这个字段",
    ]


@pytest.mark.parametrize(
    ("content", "errors"),
    [
        ("{bad", [("", "json_invalid")]),
        ("", [("", "missing")]),
        ("[]", [("", "model_attributes_type")]),
        ("null", [("", "model_attributes_type")]),
        ('{"count": "1"}', [("/count", "int_type")]),
        ('{"count": true}', [("/count", "int_type")]),
        ('{"count": 10}', [("/count", "less_than_equal")]),
        ('{"count": 123456789012345678901234567890}', [("/count", "less_than_equal")]),
        ('{"count": 1, "name": "\\ud800"}', [("/name", "string_unicode")]),
        ('{"count": 1, "name": "a\\u0000b"}', [("/name", "control_character")]),
        ('{"count": 1, "until": "2026-02-30"}', [("/until", "date_from_datetime_parsing")]),
        ('{"count": 1, "until": 1793500000}', [("/until", "date_type")]),
        ('{"count": 1, "until": "2026-11-01T00:00:00"}', [("/until", "date_type")]),
        ('{"count": NaN}', [("/count", "int_type")]),
    ],
)
async def test_odd_bodies_are_the_caller_s_error(client: httpx.AsyncClient, content: str, errors: list[Any]) -> None:
    assert _errors(await _post(client, content)) == errors


@pytest.mark.parametrize(
    "content", [b"[" * 1900, b'{"count":' * 190 + b"1" + b"}" * 190, b'{"count": 1%s}' % (b"0" * 1900), b"\xff\xfe", b'"\xc3"']
)
async def test_bodies_that_break_parsers_are_the_caller_s_error(client: httpx.AsyncClient, content: bytes) -> None:
    response = await _post(client, content)
    assert (response.status_code, response.headers["content-type"]) == (400, "application/problem+json")


async def test_a_lone_surrogate_in_a_key_is_the_caller_s_error(client: httpx.AsyncClient) -> None:
    assert (await _post(client, '{"count": 1, "\\ud800": 1}')).status_code == 400


async def test_numbers_in_the_query_are_bounded(client: httpx.AsyncClient) -> None:
    for number in ("x", "9" * 5000, "1e400"):
        response = await client.get("/v1/things", params={"number": number})
        assert _errors(response)[0][0] == "query:number"


async def test_health_tells_each_component() -> None:
    state = State()
    async with serving(small_application(state)) as client:
        ready = await client.get("/readyz")
        state.troubles["relay"] = "消息通道连不上"
        degraded = await client.get("/readyz")
        state.gone = True
        gone = await client.get("/readyz")
        assert (await client.get("/livez")).json() == {"status": "ok"}
    assert (ready.status_code, ready.json()) == (200, {"status": "ready", "components": {"small.store": ""}})
    assert (degraded.status_code, degraded.json()["status"]) == (200, "degraded")
    assert degraded.json()["components"]["small.relay"] == "消息通道连不上"
    assert (gone.status_code, gone.json()) == (503, {"status": "unready", "components": {"small": "数据库暂时连不上"}})


async def test_the_document_tells_problems_and_the_credential() -> None:
    async with serving(small_application(docs_assets="/assets/swagger-ui")) as client:
        document = (await client.get("/openapi.json")).json()
        page = (await client.get("/docs")).text
    keep = document["paths"]["/v1/things"]["post"]
    assert keep["security"] == [{"credential": []}]
    assert keep["x-permission"] == "postings:write"
    assert {"400", "401", "403", "413", "415", "503"} <= set(keep["responses"])
    assert "422" not in keep["responses"]
    assert "security" not in document["paths"]["/v1/things/half"]["get"]
    assert list(keep["responses"]["400"]["content"]) == ["application/problem+json"]
    assert "HTTPValidationError" not in json.dumps(document)
    assert "/assets/swagger-ui/swagger-ui-bundle.js" in page
    assert "http" not in page.replace("http-equiv", "")


async def test_answers_are_not_kept_by_strangers(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/things/1")
    assert response.headers["cache-control"] == "private, no-cache"
    assert response.headers["x-content-type-options"] == "nosniff"
