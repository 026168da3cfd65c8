"""The door: who may pass, with what, and that nobody forgets to say so."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import APIRouter, Depends
from starlette.staticfiles import StaticFiles

from services.kernel.http.admission import UndeclaredRoute
from services.kernel.http.application import Part, create_application
from services.kernel.http.auth import public
from services.kernel.http.health import Readiness
from tests.builders import serving
from tests.services.small_application import LIMIT, UPLOAD_LIMIT, Callers, State, small_application

WRITER = {"Authorization": "Bearer writer.1"}
READER = {"Authorization": "Bearer reader.1"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with serving(small_application()) as client:
        yield client


async def _chunks(number: int, size: int = 500) -> AsyncIterator[bytes]:
    for _ in range(number):
        yield b" " * size


def _problem(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


@asynccontextmanager
async def _nothing() -> AsyncIterator[Readiness]:
    yield State()


async def _forgotten() -> None: ...


async def _declared() -> None: ...


def _flat() -> APIRouter:
    router = APIRouter(prefix="/v1")
    router.add_api_route("/forgotten", _forgotten)
    return router


def _nested() -> APIRouter:
    declared = APIRouter(dependencies=[Depends(public)])
    declared.add_api_route("/known", _declared)
    outer = APIRouter(prefix="/outer")
    outer.include_router(declared)
    outer.include_router(_flat(), prefix="/inner")
    return outer


@pytest.mark.parametrize(("router", "path"), [(_flat(), "/v1/forgotten"), (_nested(), "/outer/inner/v1/forgotten")])
def test_a_route_that_declares_nothing_keeps_the_application_from_starting(router: APIRouter, path: str) -> None:
    with pytest.raises(UndeclaredRoute) as refused:
        create_application(title="x", parts=[Part("x", [router], _nothing)], authenticator=Callers())
    assert path in str(refused.value)
    assert "_forgotten" in str(refused.value)


async def test_a_route_added_later_keeps_it_from_starting_too() -> None:
    application = small_application()
    application.add_api_route("/late", _forgotten)
    with pytest.raises(UndeclaredRoute):
        async with serving(application):
            pass


async def test_a_route_added_while_running_is_closed() -> None:
    application = small_application()
    async with serving(application) as client:
        application.add_api_route("/late", _forgotten)
        assert _problem(await client.get("/late", headers=WRITER)) == (403, "forbidden")


def test_files_are_mounted_by_a_part_or_not_at_all(tmp_path: object) -> None:
    files = StaticFiles(directory=str(tmp_path))
    part = Part("x", [], _nothing, mounts={"/assets": files})
    create_application(title="x", parts=[part], authenticator=Callers())
    router = APIRouter()
    router.mount("/elsewhere", files)
    with pytest.raises(UndeclaredRoute):
        create_application(title="x", parts=[Part("x", [router], _nothing)], authenticator=Callers())


async def test_who_is_not_known_stays_out(client: httpx.AsyncClient) -> None:
    for authorization in ("", "Bearer", "Bearer ", "Bearer nobody.1", "Basic cmVhZGVyLjE=", "reader.1", "Bearer \xe9.1"):
        response = await client.get("/v1/things/1", headers={b"Authorization": authorization.encode("latin-1")})
        assert _problem(response) == (401, "unauthenticated")
        assert response.headers["www-authenticate"].startswith("Bearer")
    assert (await client.get("/v1/things/1", headers=READER)).json()["reader"] == "reader"


async def test_who_may_not_is_told_what_it_takes(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/things", json={"count": 1}, headers=READER)
    assert _problem(response) == (403, "forbidden")
    assert "postings:write" in response.json()["detail"]


async def test_what_is_public_asks_nobody(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/things/half")).status_code == 200


async def test_a_stranger_s_body_is_not_read(client: httpx.AsyncClient) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b" " * 1000

    for path, kind in (("/v1/things", "application/json"), ("/v1/things/raw", "text/csv")):
        response = await client.post(path, content=endless(), headers={"Content-Type": kind})
        assert _problem(response)[0] == 401
    assert read == 0


async def test_a_body_is_limited_announced_or_not(client: httpx.AsyncClient) -> None:
    for content in (b" " * (LIMIT + 1), _chunks(5)):
        response = await client.post("/v1/things", content=content, headers=WRITER | JSON)
        assert _problem(response) == (413, "too_large")
    fits = b'{"count": 1}' + b" " * (LIMIT - 12)
    assert (await client.post("/v1/things", content=fits, headers=WRITER | JSON)).status_code == 200


async def test_a_route_may_take_more_than_others(client: httpx.AsyncClient) -> None:
    taken = await client.post("/v1/things/file", files={"file": b"x" * (UPLOAD_LIMIT - 500)}, headers=WRITER)
    assert taken.json() == {"bytes": UPLOAD_LIMIT - 500}
    refused = await client.post("/v1/things/file", files={"file": b"x" * UPLOAD_LIMIT}, headers=WRITER)
    assert _problem(refused) == (413, "too_large")


async def test_a_raw_stream_is_limited_too(client: httpx.AsyncClient) -> None:
    csv = WRITER | {"Content-Type": "text/csv"}
    assert (await client.post("/v1/things/raw", content=_chunks(4), headers=csv)).json() == {"bytes": 2000}
    assert _problem(await client.post("/v1/things/raw", content=_chunks(5), headers=csv)) == (413, "too_large")


@pytest.mark.parametrize(
    ("path", "kind", "status"),
    [
        ("/v1/things", "application/json", 200),
        ("/v1/things", "application/json; charset=utf-8", 200),
        ("/v1/things", "application/merge-patch+json", 200),
        ("/v1/things", "text/plain", 415),
        ("/v1/things", "application/x-www-form-urlencoded", 415),
        ("/v1/things", "application/jsonp", 415),
        ("/v1/things", "", 415),
        ("/v1/things/file", "application/json", 415),
        ("/v1/things/raw", "application/json", 415),
    ],
)
async def test_a_body_says_what_it_is(client: httpx.AsyncClient, path: str, kind: str, status: int) -> None:
    headers = WRITER | ({"Content-Type": kind} if kind else {})
    response = await client.post(path, content=b'{"count": 1}', headers=headers)
    assert response.status_code == status
    if status == 415:
        assert _problem(response) == (415, "unsupported_media_type")


async def test_parameters_that_nobody_asked_for_are_named(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/things", params={"nmae": "x", "身份证": "1", "name": "y"}, headers=READER)
    assert _problem(response) == (400, "unknown_parameter")
    assert sorted(error["pointer"] for error in response.json()["errors"]) == ["query:nmae", "query:…"]


@pytest.mark.parametrize("path", ["/v1/things?name=a%00b", "/v1/things?name=%1b", "/v1/things/a%00b"])
async def test_control_characters_stay_out(client: httpx.AsyncClient, path: str) -> None:
    assert _problem(await client.get(path, headers=READER)) == (400, "invalid_input")
