"""Sessions: sealed, bounded in time, and given by themselves to browsers on this machine only."""

from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import Request, Response

from services.kernel.clock import Clock, FixedClock
from services.kernel.errors import Forbidden
from services.kernel.vault import open_vault
from services.web.sessions import LASTS_S, Session, Sessions, SignedOut, is_local, same_origin
from tests.builders import CLOCK, TODAY

LOCAL = "local.secret"


def request(peer: str = "127.0.0.1", **headers: str) -> Request:
    """A request from `peer`; header names with underscores for dashes."""
    named = {"host": "127.0.0.1:8000"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(
        {
            "type": "http",
            "scheme": "http",
            "server": ("127.0.0.1", 8000),
            "path": "/",
            "query_string": b"",
            "client": (peer, 50_000),
            "headers": [(name.encode(), value.encode()) for name, value in named.items()],
        }
    )


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return made(tmp_path)


def made(data: Path, clock: Clock = CLOCK, local_token: str | None = LOCAL) -> Sessions:
    return Sessions(open_vault(data / "web.key"), clock, local_token)


def cookie(sessions: Sessions, session: Session) -> str:
    """The cookie as the browser sends it back."""
    response = Response()
    sessions.keep(session, request(), response)
    return response.headers["set-cookie"].split(";")[0]


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:8000", "[::1]:8000", "127.0.0.1"])
@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "127.9.9.9"])
def test_a_browser_on_this_machine_is_local(host: str, peer: str) -> None:
    assert is_local(request(peer, host=host))


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        ("192.168.1.20", {}),
        ("", {}),
        ("127.0.0.1", {"host": "evil.example"}),  # its name was pointed to 127.0.0.1: DNS rebinding
        ("127.0.0.1", {"host": "127.0.0.1.evil.example"}),
        ("127.0.0.1", {"host": "localhost.evil.example:8000"}),
        ("127.0.0.1", {"host": ""}),
        ("127.0.0.1", {"x_forwarded_for": "203.0.113.9"}),  # a proxy on this machine stands for the whole world
        ("127.0.0.1", {"forwarded": "for=203.0.113.9"}),
        ("127.0.0.1", {"via": "1.1 proxy"}),
    ],
)
def test_everybody_else_is_not(sessions: Sessions, peer: str, headers: dict[str, str]) -> None:
    asked = request(peer, **headers)
    assert not is_local(asked)
    with pytest.raises(SignedOut):
        sessions.of(asked)


def test_a_local_browser_gets_the_local_credential_unless_that_is_switched_off(tmp_path: Path) -> None:
    assert made(tmp_path).of(request()).token == "local.secret"
    with pytest.raises(SignedOut):
        made(tmp_path, local_token=None).of(request())


def test_the_cookie_brings_the_session_back_and_tells_nothing(sessions: Sessions) -> None:
    session = sessions.new("k1.topsecret")
    sent = cookie(sessions, session)
    assert "topsecret" not in sent
    assert sessions.of(request("192.168.1.20", cookie=sent)) == session


def test_the_cookie_is_for_our_server_only(sessions: Sessions) -> None:
    response = Response()
    sessions.keep(sessions.new("k1.secret"), request(), response)
    flags = response.headers["set-cookie"].lower()
    assert "httponly" in flags
    assert "samesite=strict" in flags
    assert "domain" not in flags


def test_a_changed_foreign_or_expired_cookie_is_no_session(sessions: Sessions, tmp_path: Path) -> None:
    sent = cookie(sessions, sessions.new("k1.secret"))
    name, value = sent.split("=", 1)
    middle = len(value) // 2
    flipped = value[:middle] + ("A" if value[middle] != "A" else "B") + value[middle + 1 :]
    other = cookie(made(tmp_path / "other"), sessions.new("k1.secret")).split("=", 1)[1]
    for bad in (flipped, other, "", "nonsense", "!!", value[:20]):
        with pytest.raises(SignedOut):
            sessions.of(request("192.168.1.20", cookie=f"{name}={bad}"))
    later = made(tmp_path, FixedClock(TODAY + timedelta(seconds=LASTS_S, days=1)))
    with pytest.raises(SignedOut):
        later.of(request("192.168.1.20", cookie=sent))


def test_two_installations_on_one_machine_use_two_cookies(tmp_path: Path) -> None:
    one, other = made(tmp_path / "one"), made(tmp_path / "other")
    assert cookie(one, one.new("a.b")).split("=")[0] != cookie(other, other.new("a.b")).split("=")[0]


def test_a_change_must_bring_the_sessions_own_token(sessions: Sessions) -> None:
    session = sessions.new("k1.secret")
    session.check(request(x_csrf_token=session.csrf))
    for wrong in ({}, {"x_csrf_token": ""}, {"x_csrf_token": sessions.new("k1.secret").csrf}):
        with pytest.raises(Forbidden):
            session.check(request(**wrong))


def test_forms_of_other_sites_are_refused() -> None:
    same_origin(request(origin="http://127.0.0.1:8000"))
    same_origin(request(sec_fetch_site="same-origin"))
    for foreign in ({"origin": "http://evil.example"}, {"origin": "null"}, {"sec_fetch_site": "cross-site"}):
        with pytest.raises(Forbidden):
            same_origin(request(**foreign))
