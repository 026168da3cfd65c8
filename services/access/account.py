"""An account: somebody or something that may call, and its credentials. Rules only, no I/O."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Self

from services.contracts.permissions import Permission
from services.contracts.roles import PRESETS, Preset, Role
from services.kernel.http.auth import Principal, Scope

ACCOUNT_PREFIX: Final = "a"
CREDENTIAL_PREFIX: Final = "c"
SECRET_BYTES: Final = 32
_PARTS: Final = ("regions", "workplaces", "employer_id", "fair_id")


def digest_of(token: str) -> str:
    """All that is kept of a credential. The secret has 256 random bits: a plain hash cannot be searched, and a slow one
    would only slow down."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class Credential:
    """A key of an account. `expires_at` None: good until revoked."""

    id: str
    account_id: str
    digest: str = field(repr=False)
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    @classmethod
    def issue(cls, credential_id: str, account_id: str, now: datetime, lasts: timedelta) -> tuple[Self, str]:
        """A new credential, and the token `id.secret` that nobody will see again."""
        token = f"{credential_id}.{secrets.token_urlsafe(SECRET_BYTES)}"
        return cls(credential_id, account_id, digest_of(token), now, now + lasts), token

    def opens(self, token: str, now: datetime) -> bool:
        """Whether this token is the credential's own, and the credential is good now."""
        return hmac.compare_digest(digest_of(token), self.digest) and self.good_at(now)

    def good_at(self, now: datetime) -> bool:
        """Neither revoked nor over."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def ends(self, at: datetime) -> Self:
        """The same, good until then at the latest."""
        return self if self.expires_at is not None and self.expires_at <= at else replace(self, expires_at=at)

    def revoke(self, now: datetime) -> Self:
        """The same, good no more."""
        return self if self.revoked_at is not None else replace(self, revoked_at=now)


@dataclass(frozen=True, slots=True)
class Account:
    """Who calls: `name` as people know it, its role and what it reaches. Its id stands in logs and audits."""

    id: str
    name: str
    role: Role
    scope: Scope
    created_at: datetime
    created_by: str
    revoked_at: datetime | None = None

    @property
    def preset(self) -> Preset:
        """What the role gives."""
        return PRESETS[self.role]

    @property
    def principal(self) -> Principal:
        """The caller that this account is."""
        return Principal(self.id, self.preset.permissions, self.preset.kind, self.scope, a_minute=self.preset.a_minute)

    def narrowed(self, asked: Sequence[str]) -> frozenset[Permission]:
        """Of the account's permissions those asked for; all of them when nothing is asked."""
        named = frozenset(permission for permission in self.preset.permissions if permission in asked)
        return named if asked else self.preset.permissions


def ill_fitting(role: Role, named: Scope) -> tuple[list[str], list[str]]:
    """The parts of a scope that the role needs and that are not named; those named that mean nothing for it."""
    needs = PRESETS[role].needs
    meant = {*needs, "workplaces"} if "regions" in needs else set(needs)
    said = {name for name in _PARTS if getattr(named, name)}
    return [name for name in needs if name not in said], sorted(said - meant)


def may_grant(manager: Principal, role: Role, scope: Scope) -> bool:
    """Nobody gives what they do not have themselves."""
    return manager.permissions >= PRESETS[role].permissions and manager.scope.covers(scope)


def may_manage(manager: Principal, account: Account) -> bool:
    """Whether this manager may see, renew and revoke the account."""
    return manager.scope.covers(account.scope)
