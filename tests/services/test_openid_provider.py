"""Staff and employers of an OpenID Connect provider, a process of its own: claims become roles and scopes."""

import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.contracts.permissions import Permission, PrincipalKind
from services.contracts.roles import PRESETS, Role
from services.kernel.errors import Forbidden, Unauthenticated, Unavailable
from services.kernel.identity import provider as providers
from services.kernel.identity.provider import Mapped, Provider, Trusted
from services.kernel.identity.serving import application, provider_of
from services.workers.app import part
from tests.builders import serving, settings

AUDIENCE = "yungong"
MAPPED = Mapped(
    {"role": "realm_access.roles", "regions": "hr_regions", "employer_id": "company", "permissions": "rights"},
    {"hr-clerk": "clerk", "company": "employer"},
)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The provider's URL, which is its issuer."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.openid_provider"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@dataclass(slots=True)
class Setting:
    """The provider as we know it, and the provider itself."""

    known: Provider
    http: httpx.AsyncClient
    issuer: str
    seconds: float = 0.0

    async def token(self, key: str = "rsa", header: dict[str, Any] | None = None, **claims: Any) -> str:
        """A token of the provider: a clerk's of 镇雄, or what is told otherwise (None: the claim is left out)."""
        now = int(time.time())
        told = {
            "iss": self.issuer,
            "aud": [AUDIENCE, "account"],
            "sub": "zhang.san",
            "iat": now,
            "exp": now + 300,
            "realm_access": {"roles": ["offline_access", "hr-clerk"]},
            "hr_regions": ["530627"],
        } | claims
        body = {"claims": {name: one for name, one in told.items() if one is not None}, "key": key, "header": header or {}}
        return str((await self.http.post(f"{self.issuer}/token", json=body)).json()["token"])

    async def principal(self, token: str) -> Any:
        """Whom the token is for."""
        return await self.known.principal(token, datetime.now(UTC))


@pytest.fixture
async def setting(issuer: str) -> AsyncIterator[Setting]:
    async with httpx.AsyncClient(trust_env=False) as http:
        trusted = Trusted(issuer, AUDIENCE, f"{issuer}/jwks")
        made = Setting(Provider(trusted, MAPPED, http, clock=lambda: made.seconds), http, issuer)
        yield made


@pytest.mark.parametrize("key", ["rsa", "ec"])
async def test_claims_are_role_and_scope(setting: Setting, key: str) -> None:
    token = await setting.token(key)
    assert setting.known.issued(token)
    principal = await setting.principal(token)
    assert (principal.kind, principal.permissions) == (PrincipalKind.STAFF, PRESETS[Role.CLERK].permissions)
    assert principal.scope.serves("530627")
    assert not principal.scope.serves("530602")
    assert principal.scope.keeps("310115", None)
    assert "zhang.san" not in principal.id
    assert len(principal.id) <= 64
    assert principal.token == token
    assert principal.a_minute == PRESETS[Role.CLERK].a_minute


async def test_an_employer_is_bound_to_its_company_and_rights_only_narrow(setting: Setting) -> None:
    roles = {"roles": ["company"]}
    rights = ["postings:read", "workers:read", "moon:land"]
    principal = await setting.principal(await setting.token(realm_access=roles, hr_regions=None, company="e_1", rights=rights))
    assert (principal.kind, principal.scope.employer_id) == (PrincipalKind.EMPLOYER, "e_1")
    assert principal.permissions == {Permission.POSTINGS_READ}


@pytest.mark.parametrize(
    "claims",
    [
        {"realm_access": {"roles": ["nothing of ours"]}},
        {"realm_access": None},
        {"realm_access": {"roles": {"clerk": 1}}},
        {"hr_regions": None},
        {"hr_regions": []},
        {"hr_regions": "530627"},
        {"hr_regions": [530627]},
        {"realm_access": {"roles": ["employer"]}},
        {"realm_access": {"roles": ["employer"]}, "company": 7},
    ],
)
async def test_who_has_no_role_or_scope_of_ours_is_forbidden(setting: Setting, claims: dict[str, Any]) -> None:
    with pytest.raises(Forbidden):
        await setting.principal(await setting.token(**claims))


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another"},
        {"aud": None},
        {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 3900},
        {"exp": int(time.time()) + 30 * 24 * 3600},
        {"iat": int(time.time()) + 3600},
        {"exp": None},
        {"sub": None},
        {"iss": "https://another.invalid"},
    ],
)
async def test_a_token_for_others_or_for_too_long_is_refused(setting: Setting, claims: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        await setting.principal(await setting.token(**claims))


async def test_shared_secrets_wrong_keys_and_tampering_are_refused(setting: Setting) -> None:
    good = await setting.token()
    head, body, signature = good.split(".")
    unsigned = f"eyJhbGciOiJub25lIiwia2lkIjoicnNhIn0.{body}."
    other_body = (await setting.token(hr_regions="*")).split(".")[1]
    forged = [
        await setting.token("shared"),
        await setting.token("shared", {"kid": "rsa"}),
        await setting.token("ec", {"kid": "rsa"}),
        await setting.token(header={"kid": "unknown"}),
        unsigned,
        f"{head}.{other_body}.{signature}",
        good[:-8],
    ]
    for token in forged:
        with pytest.raises(Unauthenticated):
            await setting.principal(token)
    assert not setting.known.issued("c_1.secret")


async def test_new_keys_are_fetched_when_named_and_keys_outlast_the_provider_for_an_hour(setting: Setting) -> None:
    before = await setting.token()
    await setting.principal(before)
    await setting.http.post(f"{setting.issuer}/rotate", json={"kid": "rsa"})
    after = await setting.token()
    with pytest.raises(Unauthenticated):  # a key of the same name is not asked for again at once
        await setting.principal(after)
    setting.seconds += providers._ASKED_AGAIN_S
    assert await setting.principal(after)
    with pytest.raises(Unauthenticated):
        await setting.principal(before)
    away = Provider(Trusted(setting.issuer, AUDIENCE, "http://127.0.0.1:1/jwks"), MAPPED, setting.http)
    with pytest.raises(Unavailable):
        await away.principal(after, datetime.now(UTC))


async def test_a_service_takes_the_providers_callers(setting: Setting, tmp_path: Path) -> None:
    config = settings(
        tmp_path,
        access_url="http://127.0.0.1:1",
        oidc_issuer=setting.issuer,
        oidc_audience=AUDIENCE,
        oidc_jwks_url=f"{setting.issuer}/jwks",
        oidc_claims="role=realm_access.roles regions=hr_regions",
        oidc_roles="hr-clerk=prefecture",
    )
    async with serving(application("人员", [part(config)], config)) as client:
        headers = {"Authorization": f"Bearer {await setting.token()}"}
        assert (await client.get("/v1/workers", headers=headers)).json() == {"items": [], "next_cursor": None}
        ours = {"Authorization": "Bearer c_1.secret"}
        assert (await client.get("/v1/workers", headers=ours)).status_code == 503


@pytest.mark.parametrize(
    "half", [{"oidc_issuer": "https://one.invalid"}, {"oidc_audience": "x", "oidc_jwks_url": "https://one.invalid/jwks"}]
)
def test_a_provider_that_is_set_by_half_keeps_the_service_from_starting(tmp_path: Path, half: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="OIDC"):
        provider_of(settings(tmp_path, **half), httpx.AsyncClient())
