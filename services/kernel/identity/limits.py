"""Allowances as they are spent at the door: requests in small shares that a process takes ahead, the rest one by one.

A share is taken from the access service, so that all processes together never let more pass than the limit; what a process took
and did not use is lost to the others until the window is over. While the access service is away each process goes by the whole
limit for itself: rather too many requests for a while than none. What is bound by the day is refused then (fails closed).
"""

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from services.kernel import metrics
from services.kernel.errors import Unavailable
from services.kernel.http.auth import Principal
from services.kernel.http.limits import TooMany
from services.kernel.identity.port import AccessPoint, AccessUnavailable, Allowance, Spent

_SHARES: Final = 10
_LARGEST_SHARE: Final = 50
_KEPT: Final = 10_000
_ALONE_S: Final = 60

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Share:
    """What a process may still let pass of one caller: `here` of its own, `elsewhere` left in common, until `ends`."""

    here: int
    elsewhere: int
    limit: int
    ends: float


class Limits:
    """Law in kernel/http/limits.Limiter. `clock` in seconds, monotonic."""

    def __init__(self, access: AccessPoint, clock: Callable[[], float] = time.monotonic) -> None:
        self._access = access
        self._clock = clock
        self._shares: OrderedDict[str, _Share] = OrderedDict()
        self._taking = asyncio.Lock()

    async def request(self, caller: Principal) -> Spent | None:
        """See Limiter."""
        if caller.a_minute is None:
            return None
        share = self._shares.get(caller.id)
        if share is None or self._clock() >= share.ends or (share.here == 0 and share.elsewhere > 0):
            async with self._taking:
                share = await self._renewed(caller, caller.a_minute)
        resets_in_s = max(1, math.ceil(share.ends - self._clock()))
        if share.here == 0:
            metrics.REFUSED_BY_LIMIT.labels(str(Allowance.REQUESTS), str(caller.kind)).inc()
            raise TooMany("请求太频繁，请稍后再试", Spent(0, 0, share.limit, resets_in_s))
        share.here -= 1
        return Spent(1, share.here + share.elsewhere, share.limit, resets_in_s)

    async def spend(self, caller: Principal, allowance: Allowance) -> Spent:
        """See Limiter."""
        try:
            spent = await self._access.spend(caller, allowance, 1)
        except AccessUnavailable as away:
            raise Unavailable("暂时无法核对当天的配额，请稍后再试", code="access_unavailable") from away
        if spent.granted == 0:
            metrics.REFUSED_BY_LIMIT.labels(str(allowance), str(caller.kind)).inc()
            raise TooMany("今天的次数已用完，请明天再来", spent, code="quota_exceeded")
        return spent

    async def _renewed(self, caller: Principal, limit: int) -> _Share:
        share = self._shares.get(caller.id)
        now = self._clock()
        if share is not None and now < share.ends and (share.here > 0 or share.elsewhere == 0):
            return share  # somebody else has just taken
        wanted = max(1, min(_LARGEST_SHARE, limit // _SHARES))
        try:
            spent = await self._access.spend(caller, Allowance.REQUESTS, wanted)
        except AccessUnavailable as away:
            _log.warning("limits_kept_alone", reason=str(away))
            spent = Spent(limit, 0, limit, _ALONE_S)
        taken = _Share(spent.granted, spent.left, spent.limit, now + spent.resets_in_s)
        self._shares[caller.id] = taken
        self._shares.move_to_end(caller.id)
        while len(self._shares) > _KEPT:
            self._shares.popitem(last=False)
        return taken
