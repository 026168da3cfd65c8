"""An Authenticator on the access service: tokens are verified here, credentials exchanged there and the tokens remembered."""

import asyncio
import hashlib
from collections import OrderedDict
from typing import Final

from services.kernel.clock import Clock
from services.kernel.errors import Unavailable
from services.kernel.http.auth import Principal
from services.kernel.identity.port import AccessPoint, AccessUnavailable
from services.kernel.identity.provider import Provider
from services.kernel.identity.tokens import Bearing, refused, verified
from services.kernel.identity.trust import Trust, TrustKept

_KEPT: Final = 2000
_STRIPES: Final = 64


class Identities:
    """Knows tokens of ours, credentials `id.secret`, and tokens of an OpenID provider if one is set."""

    def __init__(self, access: AccessPoint, clock: Clock, provider: Provider | None = None) -> None:
        self.access = access
        self.trust = TrustKept(access)
        self._clock = clock
        self._provider = provider
        self._exchanged: OrderedDict[bytes, str] = OrderedDict()
        self._exchanging = [asyncio.Lock() for _ in range(_STRIPES)]

    async def authenticate(self, token: str) -> Principal:
        """The principal whose bearer token or credential this is. Raises Unauthenticated, Unavailable."""
        if self._provider is not None and self._provider.issued(token):
            return await self._provider.principal(token, self._clock.now())
        trust = await self.trust.present()
        if token.count(".") != 1:
            return self._bearing(token, trust).principal
        return (await self._by_credential(token, trust)).principal

    async def _by_credential(self, credential: str, trust: Trust) -> Bearing:
        name = hashlib.sha256(credential.encode("utf-8", "replace")).digest()
        async with self._exchanging[name[0] % _STRIPES]:
            known = self._exchanged.get(name)
            if known is not None:
                bearing = self._still_good(known, trust)
                if bearing is not None:
                    self._exchanged.move_to_end(name)
                    return bearing
                del self._exchanged[name]
            try:
                token = await self.access.exchange(credential)
            except AccessUnavailable as away:
                raise Unavailable("身份服务暂时连不上", code="access_unavailable") from away
            self._exchanged[name] = token
            while len(self._exchanged) > _KEPT:
                self._exchanged.popitem(last=False)
        return self._bearing(token, await self.trust.present())

    def _still_good(self, token: str, trust: Trust) -> Bearing | None:
        try:
            return self._bearing(token, trust)
        except type(refused()):
            return None

    def _bearing(self, token: str, trust: Trust) -> Bearing:
        bearing = verified(token, trust.keys, self._clock.now())
        if bearing.credential_id in trust.revoked:
            raise refused()
        return bearing
