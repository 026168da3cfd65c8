"""Who looks at the pages: a sealed cookie that holds the credential, so that no process has to remember anybody.

A browser on this machine is signed in by itself with the local credential, if the server is meant for this machine: the
connection comes from a loopback address, the Host is a loopback name (a page of another site that had its name pointed here
shows its own name), and no proxy stands between.
"""

import base64
import binascii
import hmac
import json
import secrets
from dataclasses import asdict, dataclass
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request, Response

from services.kernel.clock import Clock
from services.kernel.errors import Forbidden
from services.kernel.http.loopback import is_loopback
from services.kernel.vault.port import Vault, VaultSealed

LASTS_S: Final = 12 * 3600
CSRF_HEADER: Final = "x-csrf-token"
_PLACE: Final = "web.session"
_FORWARDED: Final = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


class SignedOut(Exception):
    """Nobody is signed in, or the session is over."""


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. `csrf` must come back with every change; `until` in seconds since 1970 UTC."""

    token: str
    csrf: str
    until: float

    def check(self, request: Request) -> None:
        """Let a change pass that our page asked for: by its token, or by a plain form (scripts off). Raises Forbidden."""
        by_token = hmac.compare_digest(request.headers.get(CSRF_HEADER, "").encode(), self.csrf.encode())
        if not by_token and not _is_own_form(request):
            raise Forbidden("页面已过期，请刷新后再试", code="csrf")


class Sessions:
    """Makes and reads sessions. `local_token` is the credential for browsers on this machine; None signs nobody in."""

    def __init__(self, vault: Vault, clock: Clock, local_token: str | None) -> None:
        self._vault = vault
        self._clock = clock
        self._local_token = local_token
        # Cookies do not know ports: two installations on one machine must not take each other's.
        self._cookie = f"yungong_{vault.blind('session', 'cookie name')[:8]}"

    def new(self, token: str) -> Session:
        """A session for a credential that the interface accepts."""
        return Session(token, secrets.token_urlsafe(24), self._clock.now().timestamp() + LASTS_S)

    def of(self, request: Request) -> Session:
        """The browser's session; one on this machine gets one. Raises SignedOut."""
        session = self._read(request.cookies.get(self._cookie, ""))
        if session is not None:
            return session
        if self._local_token is not None and is_local(request):
            return self.new(self._local_token)
        raise SignedOut

    def keep(self, session: Session, request: Request, response: Response) -> None:
        """Give the session to the browser, which cannot read it."""
        sealed = self._vault.seal(json.dumps(asdict(session)).encode(), _PLACE)
        response.set_cookie(
            self._cookie,
            base64.urlsafe_b64encode(sealed).decode(),
            max_age=LASTS_S,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )

    def end(self, response: Response) -> None:
        """Take the session from the browser."""
        response.delete_cookie(self._cookie, httponly=True, samesite="strict")

    def _read(self, cookie: str) -> Session | None:
        try:
            session = Session(**json.loads(self._vault.open(base64.urlsafe_b64decode(cookie), _PLACE)))
        except (binascii.Error, ValueError, VaultSealed):
            return None
        return session if session.until > self._clock.now().timestamp() else None


def is_local(request: Request) -> bool:
    """Whether a browser on this machine asks this server by a name of this machine, with no proxy between."""
    peer = request.client.host if request.client else ""
    named = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    return is_loopback(peer) and is_loopback(named) and not any(name in request.headers for name in _FORWARDED)


def _is_own_form(request: Request) -> bool:
    # Only a browser's own word counts: every browser names the origin when it posts a form.
    origin = request.headers.get("origin")
    return origin is not None and "hx-request" not in request.headers and urlsplit(origin).netloc == request.headers.get("host")


def same_origin(request: Request) -> None:
    """Let a form pass that our own page sent. Raises Forbidden."""
    origin = request.headers.get("origin")
    if origin is not None:
        ours = urlsplit(origin).netloc == request.headers.get("host")
    else:
        ours = request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
    if not ours:
        raise Forbidden("请从本系统的页面操作", code="cross_origin")
