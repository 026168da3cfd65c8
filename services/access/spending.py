"""Allowances that all processes share: so many requests a minute, so many lists of candidates a day."""

from datetime import UTC, datetime, time, timedelta
from typing import Final

from sqlalchemy.exc import IntegrityError

from services.access import repository
from services.access.resources import Access
from services.kernel.clock import CHINA, china_day
from services.kernel.http.auth import Principal
from services.kernel.identity.port import Allowance, Spent

_MINUTE_S: Final = 60
_KEPT_S: Final = 2 * 24 * 3600
_TRIES: Final = 3


async def spend(access: Access, holder: Principal, allowance: Allowance, amount: int) -> Spent:
    """Take up to `amount` from what the holder has left; what is bound by nothing is granted whole."""
    limit = holder.a_minute if allowance is Allowance.REQUESTS else access.a_day[allowance]
    now = access.clock.now()
    begins_s, lasts_s = _window(allowance, now)
    if limit is None:
        return Spent(amount, amount, amount, lasts_s)
    for attempt in range(1, _TRIES + 1):
        try:
            granted, left = await _take(access, _shared_by(holder, allowance), allowance, begins_s, amount=amount, limit=limit)
        except IntegrityError:  # another process opened the window just now
            if attempt == _TRIES:
                raise
        else:
            break
    return Spent(granted, left, limit, max(1, begins_s + lasts_s - int(now.timestamp())))


async def _take(
    access: Access, shared_by: str, allowance: Allowance, begins_s: int, *, amount: int, limit: int
) -> tuple[int, int]:
    async with access.store.write() as connection:
        before = await repository.spent(connection, shared_by, allowance, begins_s)
        if before is None:
            await repository.open_window(connection, shared_by, allowance, begins_s, begins_s - _KEPT_S)
        granted = max(0, min(amount, limit - (before or 0)))
        total = (before or 0) + granted
        await repository.spend(connection, shared_by, allowance, begins_s, total)
    return granted, limit - total


def _shared_by(holder: Principal, allowance: Allowance) -> str:
    """Requests are counted by account, the rest by employer: a second credential gives no second allowance."""
    return holder.id if allowance is Allowance.REQUESTS else holder.scope.employer_id or holder.id


def _window(allowance: Allowance, now: datetime) -> tuple[int, int]:
    """When the window began, in seconds since 1970 UTC, and how long it lasts: a minute, or a day in China."""
    if allowance is Allowance.REQUESTS:
        present = int(now.timestamp())
        return present - present % _MINUTE_S, _MINUTE_S
    midnight = datetime.combine(china_day(now), time(), CHINA).astimezone(UTC)
    return int(midnight.timestamp()), int(timedelta(days=1).total_seconds())
