"""/v1/access and /v1/token: letting in, renewing, ending, and tokens for credentials."""

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from services.access import tables
from services.access.app import part
from services.access.bootstrap import FIRST
from services.access.point import OwnAccess
from services.contracts.permissions import Permission
from services.kernel.http.local_credential import LocalCredential
from services.kernel.identity.serving import application
from services.kernel.store import open_store
from tests.builders import CLOCK, serving, settings

CLERK = {"name": "镇雄县人社局", "role": "clerk", "scope": {"regions": ["530627"]}}


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The access service; the client presents the local administrator's credential."""
    config = settings(tmp_path)
    made = application("身份", [part(config, CLOCK)], config, own=OwnAccess, clock=CLOCK)
    LocalCredential.ensure(tmp_path)
    async with serving(made, tmp_path) as serving_client:
        yield serving_client


def bearing(credential: str) -> dict[str, str]:
    """The headers of who shows this."""
    return {"Authorization": f"Bearer {credential}"}


async def granted(client: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    """An account as it was granted."""
    answer = await client.post("/v1/access/accounts", json=CLERK | changes)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    document: dict[str, Any] = answer.json()
    return document


def everything_in(folder: Path) -> bytes:
    """The bytes of all files."""
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


async def token(client: httpx.AsyncClient, credential: str, **fields: str) -> httpx.Response:
    """The answer to a request for a token."""
    identity, _, secret = credential.partition(".")
    form = {"grant_type": "client_credentials", "client_id": identity, "client_secret": secret} | fields
    return await client.post("/v1/token", data=form)


async def status_of(client: httpx.AsyncClient, shown: str) -> int:
    """What the caller of that credential or token is answered when it asks who it is."""
    return (await client.get("/v1/access/self", headers=bearing(shown))).status_code


async def test_who_was_let_in_is_who_was_meant(client: httpx.AsyncClient) -> None:
    account = await granted(client)
    me = (await client.get("/v1/access/self", headers=bearing(account["credential"]))).json()
    assert me["id"] == account["id"]
    assert me["scope"] == {"regions": ["530627"], "workplaces": "*"}
    assert "workers:write" in me["permissions"]
    assert "access:manage" not in me["permissions"]


async def test_a_secret_has_256_bits_and_is_kept_nowhere(client: httpx.AsyncClient, tmp_path: Path) -> None:
    secret = (await granted(client))["credential"].partition(".")[2]
    assert len(base64.urlsafe_b64decode(secret + "=")) == 32
    assert (await client.get("/v1/access/accounts")).text.count(secret) == 0
    assert secret.encode() not in await asyncio.to_thread(everything_in, tmp_path)


async def test_a_token_is_short_and_narrowed_to_what_was_asked(client: httpx.AsyncClient) -> None:
    credential = (await granted(client))["credential"]
    whole, narrow = await token(client, credential), await token(client, credential, scope="workers:read access:manage")
    assert 0 < whole.json()["expires_in"] <= 15 * 60
    assert whole.headers["cache-control"] == "no-store"
    assert narrow.json()["scope"] == "workers:read"
    me = await client.get("/v1/access/self", headers=bearing(narrow.json()["access_token"]))
    assert me.json()["permissions"] == ["workers:read"]


async def test_a_token_is_had_by_http_basic(client: httpx.AsyncClient) -> None:
    identity, _, secret = (await granted(client))["credential"].partition(".")
    answer = await client.post("/v1/token", data={"grant_type": "client_credentials"}, auth=(identity, secret))
    assert answer.json()["token_type"] == "Bearer"


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "c_nobody"}, 401, "invalid_client"),
        ({"client_id": ""}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"assertion": "x"}, 400, "invalid_request"),
    ],
)
async def test_a_refusal_is_what_oauth_clients_know(
    client: httpx.AsyncClient, form: dict[str, str], status: int, error: str
) -> None:
    answer = await token(client, (await granted(client))["credential"], **form)
    assert (answer.status_code, answer.json()["error"], answer.json()["code"]) == (status, error, error)
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert ("www-authenticate" in answer.headers) == (status == 401)


async def test_an_ended_account_is_out_at_once_with_its_tokens(client: httpx.AsyncClient) -> None:
    account = await granted(client)
    credential = account["credential"]
    issued = (await token(client, credential)).json()["access_token"]
    assert [await status_of(client, shown) for shown in (credential, issued)] == [200, 200]
    ended = await client.post(f"/v1/access/accounts/{account['id']}/revocation")
    assert ended.json()["revoked_at"] is not None
    client_trust = client._transport.app.state.identity.identities.trust  # type: ignore[attr-defined]
    client_trust._asked_at = float("-inf")
    assert [await status_of(client, shown) for shown in (credential, issued)] == [401, 401]
    assert (await token(client, credential)).status_code == 401
    again = await client.post(f"/v1/access/accounts/{account['id']}/credentials")
    assert again.status_code == 409


async def test_a_renewed_credential_overlaps_the_one_before(client: httpx.AsyncClient) -> None:
    account = await granted(client)
    renewed = (await client.post(f"/v1/access/accounts/{account['id']}/credentials", json={"overlap_hours": 1})).json()
    assert [await status_of(client, shown["credential"]) for shown in (account, renewed)] == [200, 200]
    at_once = (await client.post(f"/v1/access/accounts/{account['id']}/credentials", json={"overlap_hours": 0})).json()
    assert (await token(client, renewed["credential"])).status_code == 401
    assert (await token(client, at_once["credential"])).status_code == 200
    old = account["credential"].partition(".")[0]
    await client.post(f"/v1/access/accounts/{at_once['credential'].partition('.')[0]}/revocation")
    left = (await client.get(f"/v1/access/accounts/{account['id']}")).json()
    assert left["revoked_at"] is None
    assert {one["id"]: one["revoked_at"] is None for one in left["credentials"]}[old] is True
    assert (await token(client, at_once["credential"])).status_code == 401


async def test_nobody_gives_what_they_do_not_have(client: httpx.AsyncClient) -> None:
    province = await granted(client, name="省厅", role="province", scope={"regions": ["530000"]})
    manager = bearing(province["credential"])
    own = await client.post("/v1/access/accounts", json=CLERK, headers=manager)
    abroad = await client.post("/v1/access/accounts", json=CLERK | {"scope": {"regions": ["310000"]}}, headers=manager)
    above = await client.post("/v1/access/accounts", json={"name": "我", "role": "administrator"}, headers=manager)
    assert (own.status_code, abroad.status_code, above.status_code) == (201, 403, 403)
    assert abroad.json()["code"] == "beyond_own_reach"
    assert (await client.get(f"/v1/access/accounts/{FIRST}", headers=manager)).status_code == 404
    assert (await client.post(f"/v1/access/accounts/{FIRST}/revocation", headers=manager)).status_code == 404
    listed = (await client.get("/v1/access/accounts", headers=manager)).json()["items"]
    assert {one["id"] for one in listed} == {province["id"], own.json()["id"]}
    assert (await client.post("/v1/access/keys", headers=manager)).status_code == 403
    clerk = bearing(own.json()["credential"])
    assert (await client.get("/v1/access/accounts", headers=clerk)).status_code == 403


@pytest.mark.parametrize(
    ("role", "scope", "pointer"),
    [
        ("clerk", {}, "/scope/regions"),
        ("clerk", {"regions": ["530627"], "employer_id": "e_1"}, "/scope/employer_id"),
        ("station", {"regions": ["530600"]}, "/scope/workplaces"),
        ("employer", {"regions": ["530600"], "employer_id": "e_1"}, "/scope/regions"),
        ("employer", {}, "/scope/employer_id"),
        ("kiosk", {}, "/scope/fair_id"),
    ],
)
async def test_role_and_scope_go_together(client: httpx.AsyncClient, role: str, scope: dict[str, Any], pointer: str) -> None:
    answer = await client.post("/v1/access/accounts", json=CLERK | {"role": role, "scope": scope})
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_keys_are_renewed_with_an_overlap_or_at_once(client: httpx.AsyncClient) -> None:
    issued = (await token(client, (await granted(client))["credential"])).json()["access_token"]
    first = (await client.get("/v1/access/keys")).json()["keys"]
    assert all("d" not in key for key in first)
    kid = (await client.post("/v1/access/keys")).json()["kid"]
    keys = {key["kid"] for key in (await client.get("/v1/access/keys")).json()["keys"]}
    assert keys == {kid, first[0]["kid"]}
    assert await status_of(client, issued) == 200
    last = (await client.post("/v1/access/keys", json={"at_once": True})).json()["kid"]
    assert [key["kid"] for key in (await client.get("/v1/access/keys")).json()["keys"]] == [last]


async def test_what_changes_accounts_is_audited(client: httpx.AsyncClient, tmp_path: Path) -> None:
    account = await granted(client)
    await client.post(f"/v1/access/accounts/{account['id']}/revocation")
    store = open_store(f"sqlite+aiosqlite:///{tmp_path / 'access.db'}")
    async with store.read() as connection:
        deeds = list((await connection.execute(select(tables.audit.rows.c.deed, tables.audit.rows.c.actor))).all())
    await store.close()
    assert [tuple(deed) for deed in deeds] == [
        ("account.granted", "access"),
        ("account.granted", FIRST),
        ("account.revoked", FIRST),
    ]


async def test_the_administrator_may_do_everything(client: httpx.AsyncClient) -> None:
    me = (await client.get("/v1/access/self")).json()
    assert me["permissions"] == sorted(Permission)
    assert me["scope"] == {"regions": "*", "workplaces": "*"}
