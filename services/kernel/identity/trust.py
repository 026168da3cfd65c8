"""What a process knows of keys and revocations: asked for again every other second, and good for a while without answer."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog
from joserfc.jwk import OKPKey

from services.kernel.errors import Unavailable
from services.kernel.identity.port import AccessPoint, AccessUnavailable

REFRESHED_S: Final = 2.0
"""How long a revocation may go unnoticed."""
LASTS_S: Final = 900.0
"""How long tokens are taken while the access service is away."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Trust:
    """Keys by `kid`, and credentials whose tokens are refused."""

    keys: Mapping[str, OKPKey]
    revoked: frozenset[str]

    @classmethod
    def of_document(cls, document: Mapping[str, Any]) -> "Trust":
        """What the access service told."""
        keys = [OKPKey.import_key(told) for told in document["keys"]]
        return cls({str(key.kid): key for key in keys}, frozenset(document["revoked"]))


class TrustKept:
    """The trust of one process. `clock` in seconds, monotonic."""

    def __init__(self, access: AccessPoint, clock: Callable[[], float] = time.monotonic) -> None:
        self._access = access
        self._clock = clock
        self._held: Trust | None = None
        self._told_at = 0.0
        self._asked_at = float("-inf")
        self._asking = asyncio.Lock()

    async def present(self) -> Trust:
        """Keys and revocations, at most REFRESHED_S old; up to LASTS_S while nobody answers. Raises Unavailable after that."""
        if self._clock() - self._asked_at >= REFRESHED_S:
            async with self._asking:
                if self._clock() - self._asked_at >= REFRESHED_S:
                    await self._ask()
        held = self._held
        if held is None or self._clock() - self._told_at > LASTS_S:
            raise Unavailable("身份服务暂时连不上", code="access_unavailable")
        return held

    async def _ask(self) -> None:
        try:
            self._held = Trust.of_document(await self._access.trust())
            self._told_at = self._clock()
        except AccessUnavailable as away:
            _log.warning("trust_not_refreshed", reason=str(away), age_s=round(self._clock() - self._told_at))
        finally:
            self._asked_at = self._clock()

    @property
    def trouble(self) -> str:
        """What keeps callers from being known; "" when well."""
        return "" if self._held is None or self._clock() - self._told_at <= LASTS_S else "身份服务连不上"
