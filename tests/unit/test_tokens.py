"""Tokens that were tampered with, borrowed or made up: every way in is closed."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from services.contracts.permissions import Permission, PrincipalKind
from services.kernel.errors import Unauthenticated
from services.kernel.http.auth import Principal, Scope
from services.kernel.identity.tokens import ALGORITHM, LONGEST, TYPE, Bearing, claims_of, sign, verified

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
KEY = OKPKey.generate_key("Ed25519", {"kid": "k1"})
OTHER = OKPKey.generate_key("Ed25519", {"kid": "k1"})
KEYS = {"k1": KEY}
CLERK = Principal("a_1", frozenset({Permission.WORKERS_READ}), PrincipalKind.STAFF, Scope(frozenset({"530627"})), a_minute=60)
CLAIMS = claims_of(Bearing(CLERK, "c_1", "clerk"), NOW, LATER, "t_1")


def made(key: Any = KEY, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """A token of ours, with what is told otherwise."""
    told = {"alg": ALGORITHM, "kid": "k1", "typ": TYPE} | (header or {})
    return jwt.encode(told, CLAIMS | claims, key, algorithms=[told["alg"]])


def part(document: dict[str, Any]) -> str:
    """A part of a token, as it is written."""
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


def tampered(token: str, **claims: Any) -> str:
    """The token with other claims and its old signature."""
    header, _, signature = token.split(".")
    return ".".join((header, part(CLAIMS | claims), signature))


def test_a_token_tells_whom_it_is_for() -> None:
    token = sign(CLAIMS, KEY)
    bearing = verified(token, KEYS, NOW)
    assert (bearing.credential_id, bearing.role, bearing.principal.token) == ("c_1", "clerk", token)
    told = bearing.principal
    assert (told.id, told.permissions, told.kind, told.scope, told.a_minute) == (
        CLERK.id,
        CLERK.permissions,
        CLERK.kind,
        CLERK.scope,
        60,
    )


def public_as_secret(key: OKPKey) -> OctKey:
    """A public key taken for a shared secret: the classic confusion."""
    return OctKey.import_key(json.dumps(key.as_dict(private=False)).encode())


FORGED = {
    "none": ".".join((part({"alg": "none", "kid": "k1", "typ": TYPE}), part(CLAIMS), "")),
    "none with a signature": part({"alg": "none", "kid": "k1", "typ": TYPE}) + "." + sign(CLAIMS, KEY).partition(".")[2],
    "HMAC by the public key": made(public_as_secret(KEY), {"alg": "HS256"}),
    "RSA": made(RSAKey.generate_key(2048, {"kid": "k1"}), {"alg": "RS256"}),
    "elliptic curve": made(ECKey.generate_key("P-256", {"kid": "k1"}), {"alg": "ES256"}),
    "another key of the same name": made(OTHER),
    "an unknown key": made(header={"kid": "k2"}),
    "no key named": made(header={"kid": ""}),
    "the key in the header": made(OTHER, {"jwk": OTHER.as_dict(private=False)}),
    "keys from elsewhere": made(OTHER, {"jku": "https://attacker.invalid/keys", "kid": "k1"}),
    "an extension we do not know": ".".join(
        (part({"alg": ALGORITHM, "kid": "k1", "typ": TYPE, "crit": ["x"], "x": 1}), *sign(CLAIMS, KEY).split(".")[1:])
    ),
    "an identity token": made(header={"typ": "JWT"}),
    "more permissions": tampered(made(), scope="access:manage"),
    "another region": tampered(made(), reach={"regions": "*"}),
    "another audience": made(aud="urn:other"),
    "several audiences": made(aud=["urn:yungong:api", "urn:other"]),
    "another issuer": made(iss="https://attacker.invalid"),
    "over": made(iat=int((NOW - timedelta(hours=1)).timestamp()), exp=int((NOW - timedelta(minutes=1)).timestamp())),
    "not yet": made(iat=int((NOW + timedelta(hours=1)).timestamp())),
    "without an end": jwt.encode(
        {"alg": ALGORITHM, "kid": "k1", "typ": TYPE},
        {name: value for name, value in CLAIMS.items() if name != "exp"},
        KEY,
        algorithms=[ALGORITHM],
    ),
    "an end that is a word": made(exp="never"),
    "an end that is true": made(exp=True),
    "a kind that is none": made(kind="root"),
    "a reach that is a word": made(reach="everything"),
    "cut off": made()[:-10],
    "in four parts": made() + ".x",
    "nothing": "..",
    "not ASCII": "ａ.ｂ.ｃ",
    "too long": made(x="y" * LONGEST),
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED.keys())
def test_a_forged_token_is_refused(token: str) -> None:
    with pytest.raises(Unauthenticated):
        verified(token, KEYS, NOW)


def test_clocks_may_be_half_a_minute_apart() -> None:
    assert verified(made(), KEYS, LATER + timedelta(seconds=20))
    with pytest.raises(Unauthenticated):
        verified(made(), KEYS, LATER + timedelta(seconds=31))


def test_a_permission_of_a_newer_version_gives_nothing() -> None:
    assert verified(made(scope="workers:read moon:land"), KEYS, NOW).principal.permissions == {Permission.WORKERS_READ}
