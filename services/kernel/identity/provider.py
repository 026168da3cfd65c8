"""An OpenID Connect provider in place of our own credentials, by configuration: its issuer, its keys, what its claims mean.

Only signatures by public keys are taken (RSA, elliptic curves), by a key of the provider that is named in the token and meant
for that algorithm: `none` and HMAC under a public key cannot pass.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import httpx
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from services.contracts.permissions import Permission
from services.contracts.roles import PRESETS, Role
from services.kernel.errors import Forbidden, Unavailable
from services.kernel.http.auth import Principal, Scope
from services.kernel.identity.reach import scope_for
from services.kernel.identity.tokens import LONGEST, check_times, claims_told, header_of, known_permissions, refused

ALGORITHMS: Final[Mapping[str, type[RSAKey] | type[ECKey] | type[OKPKey]]] = {
    "RS256": RSAKey,
    "PS256": RSAKey,
    "ES256": ECKey,
    "ES384": ECKey,
    "Ed25519": OKPKey,
}
LONGEST_LIFE: Final = timedelta(hours=1)
"""Of a token that nobody here can revoke."""
KEYS_LAST_S: Final = 3600.0
_ASKED_AGAIN_S: Final = 600.0
_ASKED_FOR_A_KEY_S: Final = 5.0
_ANSWERS_WITHIN_S: Final = 3.0

_log = structlog.get_logger(__name__)
Key = RSAKey | ECKey | OKPKey


@dataclass(frozen=True, slots=True)
class Mapped:
    """Which claim tells what: role, regions, workplaces, employer_id, fair_id, permissions; `a.b` is b within a.
    `roles`: the provider's word for a role -> ours; a word that is one of ours needs no row."""

    claims: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)

    def told(self, claims: Mapping[str, Any], what: str) -> Any:
        """The value of the claim that tells `what`; None when it is not there."""
        found: Any = claims
        for step in self.claims.get(what, f"yungong_{what}").split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
        return found

    def role(self, claims: Mapping[str, Any]) -> Role:
        """The first role that we know. Raises Forbidden."""
        told = self.told(claims, "role")
        for word in [told] if isinstance(told, str) else told if isinstance(told, list) else []:
            name = self.roles.get(word, word)
            if name in {str(role) for role in Role}:
                return Role(name)
        raise Forbidden("这个账号没有云工的角色，请联系管理员")


@dataclass(frozen=True, slots=True)
class Trusted:
    """Whose tokens are taken: their `iss`, the `aud` that means us, and where the public keys are."""

    issuer: str
    audience: str
    jwks_url: str


class Provider:
    """The provider of one issuer. `http` fetches its keys."""

    def __init__(
        self,
        trusted: Trusted,
        mapped: Mapped,
        http: httpx.AsyncClient,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._trusted = trusted
        self._mapped = mapped
        self._http = http
        self._clock = clock
        self._keys: Mapping[str, Key] = {}
        self._told_at = self._asked_at = float("-inf")
        self._asking = asyncio.Lock()

    def issued(self, token: str) -> bool:
        """Whether the token says that it is of this issuer (nothing is verified yet)."""
        return token.count(".") == 2 and len(token) <= LONGEST and claims_told(token).get("iss") == self._trusted.issuer  # noqa: PLR2004

    async def principal(self, token: str, now: datetime) -> Principal:
        """Whom the token is for. Raises Unauthenticated, Forbidden (no role of ours), Unavailable."""
        header = header_of(token)
        algorithm, key = str(header.get("alg")), await self._key(str(header.get("kid")))
        if key is None or not isinstance(key, ALGORITHMS.get(algorithm, ())):
            raise refused()
        try:
            claims = jwt.decode(token, key, algorithms=[algorithm]).claims
        except (JoseError, ValueError) as forged:
            raise refused() from forged
        told = claims.get("aud")
        if claims.get("iss") != self._trusted.issuer or self._trusted.audience not in (
            told if isinstance(told, list) else [told]
        ):
            raise refused()
        check_times(claims, now, LONGEST_LIFE)
        if not isinstance(claims.get("sub"), str):
            raise refused()
        return self._mapped_principal(claims, token)

    def _mapped_principal(self, claims: Mapping[str, Any], token: str) -> Principal:
        role = self._mapped.role(claims)
        preset = PRESETS[role]
        document = {name: self._mapped.told(claims, name) for name in ("regions", "workplaces", "employer_id", "fair_id")}
        scope = scope_for(role, _scope(document))
        if not all(document[name] for name in preset.needs):
            raise Forbidden("这个账号没有写明服务地区或单位，请联系管理员")
        named = self._mapped.told(claims, "permissions")
        narrowed: frozenset[Permission] = (
            preset.permissions if named is None else preset.permissions & known_permissions(map(str, named))
        )
        # The subject is the provider's and may be a name: it does not go into our logs.
        identity = "o_" + sha256(f"{self._trusted.issuer}\n{claims['sub']}".encode()).hexdigest()[:32]
        return Principal(identity, narrowed, preset.kind, scope, token, preset.a_minute)

    async def _key(self, kid: str) -> Key | None:
        age = self._clock() - self._asked_at
        if age >= _ASKED_AGAIN_S or (kid not in self._keys and age >= _ASKED_FOR_A_KEY_S):
            async with self._asking:
                if self._clock() - self._asked_at >= _ASKED_FOR_A_KEY_S:
                    await self._ask()
        if self._clock() - self._told_at > KEYS_LAST_S:
            raise Unavailable("统一身份认证暂时连不上", code="provider_unavailable")
        return self._keys.get(kid)

    async def _ask(self) -> None:
        try:
            answer = await self._http.get(self._trusted.jwks_url, timeout=_ANSWERS_WITHIN_S)
            keys = KeySet.import_key_set(answer.raise_for_status().json()).keys
            self._keys = {str(key.kid): key for key in keys if key.kid and isinstance(key, RSAKey | ECKey | OKPKey)}
            self._told_at = self._clock()
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as trouble:
            _log.warning("provider_keys_not_refreshed", error=type(trouble).__qualname__)
        finally:
            self._asked_at = self._clock()


def _scope(document: Mapping[str, Any]) -> Scope:
    """The scope told; what is not of the right kind is refused."""
    for name in ("regions", "workplaces"):
        told = document[name]
        if told not in (None, "*") and not (isinstance(told, list) and all(isinstance(code, str) for code in told)):
            raise Forbidden("这个账号的服务地区写法不对，请联系管理员")
    for name in ("employer_id", "fair_id"):
        if document[name] is not None and not isinstance(document[name], str):
            raise Forbidden("这个账号的单位写法不对，请联系管理员")
    return Scope.of_document(document)
