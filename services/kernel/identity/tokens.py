"""The token: a JWT signed with Ed25519 (RFC 9864), profile RFC 9068. What it says, and the one way it is read.

The algorithm and the keys are ours to choose, never the token's: `alg`, `jwk`, `jku`, `x5u` of its header decide nothing.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from services.contracts.permissions import Permission, PrincipalKind
from services.kernel.errors import Unauthenticated
from services.kernel.http.auth import Principal, Scope

ALGORITHM: Final = "Ed25519"
TYPE: Final = "at+jwt"
ISSUER: Final = "urn:yungong:access"
AUDIENCE: Final = "urn:yungong:api"
LEEWAY_S: Final = 30
"""How far clocks may be apart."""
LONGEST: Final = 8192
"""Characters of a token."""


@dataclass(frozen=True, slots=True)
class Bearing:
    """Whom a token is for, and by which credential."""

    principal: Principal
    credential_id: str
    role: str


def claims_of(bearing: Bearing, issued_at: datetime, expires_at: datetime, identity: str) -> dict[str, Any]:
    """What the token says; `identity` is its own name."""
    principal = bearing.principal
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": principal.id,
        "iat": int(issued_at.timestamp()),
        "exp": int(expires_at.timestamp()),
        "jti": identity,
        "client_id": bearing.credential_id,
        "kind": str(principal.kind),
        "role": bearing.role,
        "scope": " ".join(sorted(principal.permissions)),
        "reach": principal.scope.document(),
        "a_minute": principal.a_minute,
    }


def sign(claims: Mapping[str, Any], key: OKPKey) -> str:
    """The token."""
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid, "typ": TYPE}, dict(claims), key, algorithms=[ALGORITHM])


def refused() -> Unauthenticated:
    """Why a token is refused is nobody's business but ours."""
    return Unauthenticated("凭证无效或已过期")


def header_of(token: str) -> Mapping[str, Any]:
    """The header as it says, before anything is verified: only to choose a key by. Raises Unauthenticated."""
    if len(token) > LONGEST or not token.isascii():
        raise refused()
    try:
        return jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError) as unreadable:
        raise refused() from unreadable


def claims_told(token: str) -> Mapping[str, Any]:
    """The claims as they say, before anything is verified: only to see whose token it is. {} for what cannot be read."""
    try:
        claims = json.loads(jws.extract_compact(token.encode()).payload)
    except (JoseError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def verified(token: str, keys: Mapping[str, OKPKey], now: datetime) -> Bearing:
    """Whom the token is for. Raises Unauthenticated: not signed by one of `keys`, not ours, not for us, over."""
    header = header_of(token)
    key = keys.get(str(header.get("kid")))
    if key is None or header.get("typ") != TYPE:
        raise refused()
    try:
        claims = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError) as forged:
        raise refused() from forged
    if claims.get("iss") != ISSUER or claims.get("aud") != AUDIENCE:
        raise refused()
    check_times(claims, now)
    try:
        return _bearing(claims, token)
    except (KeyError, ValueError, TypeError, AttributeError) as strange:
        raise refused() from strange


def check_times(claims: Mapping[str, Any], now: datetime, longest: timedelta | None = None) -> None:
    """`exp` and `iat` are there and `now` is between them, with LEEWAY_S for clocks; at most `longest` apart.

    Raises Unauthenticated."""
    until, since, begins = (_moment(claims, name) for name in ("exp", "iat", "nbf"))
    present = now.timestamp()
    if present >= until + LEEWAY_S or present < max(since, begins) - LEEWAY_S:
        raise refused()
    if longest is not None and until - since > longest.total_seconds():
        raise refused()


def _moment(claims: Mapping[str, Any], name: str) -> float:
    told = claims.get(name, 0 if name == "nbf" else None)
    if not isinstance(told, int | float) or isinstance(told, bool):
        raise refused()
    return told


def known_permissions(names: Iterable[str]) -> frozenset[Permission]:
    """Those that we know: a token of a newer version may name others."""
    known = {str(permission) for permission in Permission}
    return frozenset(Permission(name) for name in names if name in known)


def _bearing(claims: Mapping[str, Any], token: str) -> Bearing:
    principal = Principal(
        id=str(claims["sub"]),
        permissions=known_permissions(claims["scope"].split()),
        kind=PrincipalKind(claims["kind"]),
        scope=Scope.of_document(claims["reach"]),
        token=token,
        a_minute=claims["a_minute"],
    )
    return Bearing(principal, str(claims["client_id"]), str(claims["role"]))
