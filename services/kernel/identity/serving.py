"""The application of a service with the callers that its settings let it know.

`own`: the access service runs in this process; else `access_url` says where it is; else the data directory's own credential is
all that is known (one service tried out alone). An OpenID provider may be set beside each.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from services.kernel.clock import Clock, SystemClock
from services.kernel.http.application import Part, create_application
from services.kernel.http.local_credential import LocalCredential
from services.kernel.identity.authenticator import Identities
from services.kernel.identity.limits import Limits
from services.kernel.identity.port import AccessPoint
from services.kernel.identity.provider import Mapped, Provider, Trusted
from services.kernel.identity.remote import RemoteAccess
from services.kernel.settings import Settings

Own = Callable[[Callable[[], Any]], AccessPoint]
"""Makes the access point of this process from what finds the access service's resources."""


@dataclass(frozen=True, slots=True)
class _Known:
    """The part that holds the way to the access service."""

    identities: Identities

    async def ready(self) -> Mapping[str, str]:
        """Whether callers can be known."""
        return {"access": self.identities.trust.trouble}


def application(
    title: str,
    parts: Sequence[Part],
    settings: Settings,
    *,
    own: Own | None = None,
    clock: Clock | None = None,
    docs_assets: str | None = None,
) -> FastAPI:
    """The application of these parts. Raises ValueError for an OpenID provider that is set by half."""
    local = None
    if settings.access_url is None or own is not None:  # made now, so that whoever starts us can read it
        local = LocalCredential.of(settings.data, settings.credential_hash_file)
    if local is not None and own is None:
        return create_application(
            title=title,
            parts=parts,
            authenticator=local,
            body_limit=settings.body_limit_bytes,
            docs_assets=docs_assets,
        )
    # Proxies of the environment are for the internet, not for the bureau's own services.
    http = httpx.AsyncClient(base_url=settings.access_url or "", trust_env=False)
    point: AccessPoint = RemoteAccess(http) if own is None else own(lambda: made.state.access)
    identities = Identities(point, clock or SystemClock(), provider_of(settings, http))

    @asynccontextmanager
    async def opened() -> AsyncIterator[_Known]:
        async with http:
            yield _Known(identities)

    made = create_application(
        title=title,
        parts=[Part("identity", [], opened), *parts],
        authenticator=identities,
        limiter=Limits(point),
        body_limit=settings.body_limit_bytes,
        docs_assets=docs_assets,
    )
    return made


def provider_of(settings: Settings, http: httpx.AsyncClient) -> Provider | None:
    """The OpenID provider of the settings, None when none is set. Raises ValueError when it is set by half."""
    told = (settings.oidc_issuer, settings.oidc_audience, settings.oidc_jwks_url)
    if not any(told):
        return None
    issuer, audience, jwks_url = told
    if issuer is None or audience is None or jwks_url is None:
        raise ValueError("YUNGONG_OIDC_ISSUER, _AUDIENCE and _JWKS_URL are set together")
    return Provider(
        Trusted(issuer, audience, jwks_url), Mapped(_pairs(settings.oidc_claims), _pairs(settings.oidc_roles)), http
    )


def _pairs(text: str) -> Mapping[str, str]:
    """`a=b c=d`. Raises ValueError."""
    pairs = [word.partition("=") for word in text.split()]
    if not all(name and sign and value for name, sign, value in pairs):
        raise ValueError("YUNGONG_OIDC_CLAIMS and YUNGONG_OIDC_ROLES are written: ours=theirs ours=theirs")
    return {name: value for name, _, value in pairs}
