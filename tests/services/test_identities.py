"""Another service in front of the access service: credentials and tokens known over HTTP, revoked, and while it is away."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.access.app import part
from services.access.point import OwnAccess
from services.kernel.clock import FixedClock
from services.kernel.errors import Unauthenticated, Unavailable
from services.kernel.http.local_credential import LocalCredential
from services.kernel.identity.authenticator import Identities
from services.kernel.identity.port import AccessUnavailable, Allowance
from services.kernel.identity.remote import RemoteAccess
from services.kernel.identity.serving import application
from services.kernel.identity.trust import LASTS_S, REFRESHED_S, TrustKept
from tests.builders import CLOCK, STAFF, TODAY, serving, settings


class Wire(httpx.AsyncBaseTransport):
    """The way to the access service, which can be cut. Counts what goes over it."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self.cut = False
        self.requests: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass it on."""
        self.requests.append(request.url.path)
        if self.cut:
            raise httpx.ConnectError("cut")
        return await self._inner.handle_async_request(request)


class Seconds:
    """A monotonic clock that goes when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Setting:
    """One service's identities over the wire, and the administrator's client of the access service."""

    def __init__(self, admin: httpx.AsyncClient, wire: Wire) -> None:
        self.admin = admin
        self.wire = wire
        self.seconds = Seconds()
        self.remote = RemoteAccess(httpx.AsyncClient(transport=wire, base_url="http://access"))
        self.identities = Identities(self.remote, CLOCK)
        self.identities.trust = TrustKept(self.remote, self.seconds)

    async def granted(self) -> Mapping[str, Any]:
        """A clerk of 镇雄."""
        body = {"name": "镇雄县人社局", "role": "clerk", "scope": {"regions": ["530627"]}}
        answer: Mapping[str, Any] = (await self.admin.post("/v1/access/accounts", json=body)).json()
        return answer


@pytest.fixture
async def setting(tmp_path: Path) -> AsyncIterator[Setting]:
    config = settings(tmp_path)
    LocalCredential.ensure(tmp_path)
    made = application("身份", [part(config, CLOCK)], config, own=OwnAccess, clock=CLOCK)
    async with serving(made, tmp_path) as admin:
        yield Setting(admin, Wire(httpx.ASGITransport(made)))


async def test_a_credential_is_exchanged_once(setting: Setting) -> None:
    account = await setting.granted()
    for _ in range(3):
        principal = await setting.identities.authenticate(account["credential"])
    assert principal.id == account["id"]
    assert principal.scope.serves("530627")
    assert not principal.scope.serves("530602")
    assert setting.wire.requests.count("/v1/token") == 1
    assert (await setting.identities.authenticate(principal.token)).id == account["id"]
    assert account["credential"] not in principal.token


async def test_what_is_not_known_is_refused(setting: Setting) -> None:
    account = await setting.granted()
    for shown in ("c_1.secret", account["credential"][:-1], account["credential"] + "x", "nothing", "a.b.c", "ü.é", "."):
        with pytest.raises(Unauthenticated):
            await setting.identities.authenticate(shown)


async def test_a_revocation_holds_within_seconds(setting: Setting) -> None:
    account = await setting.granted()
    principal = await setting.identities.authenticate(account["credential"])
    await setting.admin.post(f"/v1/access/accounts/{account['id']}/revocation")
    setting.seconds.now += REFRESHED_S
    for shown in (account["credential"], principal.token):
        with pytest.raises(Unauthenticated):
            await setting.identities.authenticate(shown)


async def test_who_is_known_stays_known_while_the_access_service_is_away(setting: Setting) -> None:
    account = await setting.granted()
    await setting.identities.authenticate(account["credential"])
    other = (await setting.granted())["credential"]
    setting.wire.cut = True
    setting.seconds.now += LASTS_S
    assert (await setting.identities.authenticate(account["credential"])).id == account["id"]
    with pytest.raises(Unavailable):
        await setting.identities.authenticate(other)
    setting.seconds.now += REFRESHED_S
    with pytest.raises(Unavailable):
        await setting.identities.authenticate(account["credential"])
    assert setting.identities.trust.trouble
    setting.wire.cut = False
    setting.seconds.now += REFRESHED_S
    assert (await setting.identities.authenticate(other)).scope == (await setting.identities.authenticate(other)).scope
    assert setting.identities.trust.trouble == ""


async def test_keys_are_asked_for_every_other_second_and_no_more(setting: Setting) -> None:
    account = await setting.granted()
    for second in range(10):
        setting.seconds.now = second
        await setting.identities.authenticate(account["credential"])
        await setting.identities.authenticate(account["credential"])
    assert setting.wire.requests.count("/v1/access/keys") == 5


async def test_the_door_is_shut_before_anything_is_known(setting: Setting) -> None:
    setting.wire.cut = True
    with pytest.raises(Unavailable):
        await setting.identities.authenticate("c_1.secret")
    with pytest.raises(AccessUnavailable):
        await setting.remote.spend(STAFF, Allowance.REQUESTS, 1)


async def test_a_token_over_is_exchanged_anew(setting: Setting) -> None:
    account = await setting.granted()
    await setting.identities.authenticate(account["credential"])
    setting.identities._clock = FixedClock(TODAY.replace(day=TODAY.day + 1))
    with pytest.raises(Unauthenticated):  # the access service's own clock still says yesterday: its tokens are over here
        await setting.identities.authenticate(account["credential"])
    assert setting.wire.requests.count("/v1/token") == 2
