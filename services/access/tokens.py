"""Credentials for tokens: the OAuth2 client credentials grant, and what every service trusts."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

import structlog

from services.access import repository
from services.access.account import Account, Credential, digest_of
from services.access.errors import InvalidClient
from services.access.keys import TRUSTED_AFTER
from services.access.resources import Access
from services.kernel.identity.port import LIFETIME
from services.kernel.identity.tokens import Bearing, claims_of, sign
from services.kernel.ids import new_id

_NOBODY: Final = digest_of("")
_NOTED_AFTER: Final = timedelta(minutes=1)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Issued:
    """A token, how many seconds it is good, and the permissions it has."""

    token: str
    expires_in_s: int
    scope: str


async def exchange(access: Access, credential: str, asked: Sequence[str] = ()) -> Issued:
    """A token for a credential that is good now, narrowed to the permissions asked for. Raises InvalidClient."""
    now = access.clock.now()
    known, account = await _opened(access, credential)
    ends = min(now + LIFETIME, known.expires_at or now + LIFETIME)
    principal = replace(account.principal, permissions=account.narrowed(asked))
    claims = claims_of(Bearing(principal, known.id, str(account.role)), now, ends, new_id("t"))
    async with access.store.write() as connection:
        token = sign(claims, await access.keys.signing(connection, now))
        if known.last_used_at is None or known.last_used_at <= now - _NOTED_AFTER:
            await repository.used(connection, known.id, now)
    return Issued(token, int((ends - now).total_seconds()), claims["scope"])


async def trust(access: Access) -> dict[str, Any]:
    """Keys whose tokens are taken, and credentials whose tokens are not."""
    now = access.clock.now()
    async with access.store.read() as connection:
        keys = await access.keys.public(connection, now)
        revoked = await repository.revoked_since(connection, now - TRUSTED_AFTER)
    return {"keys": keys, "revoked": list(revoked)}


async def _opened(access: Access, credential: str) -> tuple[Credential, Account]:
    identity = credential.partition(".")[0]
    async with access.store.read() as connection:
        known = await repository.credential(connection, identity)
        account = await repository.account(connection, known.account_id) if known is not None else None
    if known is None or account is None:
        hmac.compare_digest(digest_of(credential), _NOBODY)  # as long as for a credential that is known
        raise InvalidClient()
    if account.revoked_at is not None or not known.opens(credential, access.clock.now()):
        _log.warning("credential_refused", credential=known.id)
        raise InvalidClient()
    return known, account
