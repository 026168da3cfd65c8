"""The keys that sign tokens: made here, renewed every month or when asked, each known to all before it signs."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from joserfc.jwk import OKPKey
from sqlalchemy.ext.asyncio import AsyncConnection

from services.access import repository
from services.kernel.identity.port import LIFETIME
from services.kernel.identity.tokens import ALGORITHM, LEEWAY_S
from services.kernel.vault.port import Vault

RENEWED: Final = timedelta(days=30)
KNOWN_BEFORE: Final = timedelta(seconds=10)
"""How long a key is told before it signs: longer than any process goes without asking (trust.REFRESHED_S)."""
TRUSTED_AFTER: Final = LIFETIME + timedelta(seconds=2 * LEEWAY_S)


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The keys in the database, their private halves sealed. Every method works in the caller's transaction."""

    vault: Vault

    async def signing(self, connection: AsyncConnection, now: datetime) -> OKPKey:
        """The key that signs now; the first is made, and one of a month is followed by the next."""
        held = await repository.keys(connection, now)
        ready = [row for row in held if row.signs_from <= now]
        if not held or not ready:
            await self.renew(connection, now, at_once=True)
        elif held[0].created_at <= now - RENEWED:
            await self.renew(connection, now)
        (row, *_) = ready or await repository.keys(connection, now)
        return OKPKey.import_key(orjson.loads(self.vault.open(row.private_sealed, _place(row.kid))))

    async def renew(self, connection: AsyncConnection, now: datetime, *, at_once: bool = False) -> str:
        """A new key, and its name. The ones before sign until it does, and are trusted until their tokens are over; `at_once`:
        they are trusted no more from now on, and every token of theirs is refused."""
        before = [row.kid for row in await repository.keys(connection, now - TRUSTED_AFTER)]
        key = OKPKey.generate_key("Ed25519", {"kid": secrets.token_hex(8), "use": "sig", "alg": ALGORITHM})
        signs_from = now if at_once else now + KNOWN_BEFORE
        if at_once:
            await repository.drop_keys(connection, before)
        else:
            await repository.end_keys(connection, before, signs_from)
        kid = str(key.kid)
        values = {
            "kid": kid,
            "private_sealed": self.vault.seal(orjson.dumps(key.as_dict(private=True)), _place(kid)),
            "public": dict(key.as_dict(private=False)),
            "created_at": now,
            "signs_from": signs_from,
        }
        await repository.add_key(connection, values)
        return kid

    async def public(self, connection: AsyncConnection, now: datetime) -> list[Mapping[str, Any]]:
        """The public halves of all keys whose tokens are taken."""
        return [row.public for row in await repository.keys(connection, now - TRUSTED_AFTER)]


def _place(kid: str) -> str:
    return f"signing_keys.private:{kid}"
