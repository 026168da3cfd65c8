"""Who is to be contacted, in SQL: conditions over how a worker stands today, so that a reason ends when it is gone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.clock import CHINA, china_day
from services.kernel.http.auth import Scope
from services.workers.counting import how_many, stale_intention
from services.workers.followups.schemas import REASONS, Reason, ReasonCode
from services.workers.notices import SOON_DAYS, STALE_DAYS
from services.workers.profile import State
from services.workers.repository import reachable
from services.workers.tables import followup, workers

FIRST_CONTACT_DAYS: Final = 14
"""Within so many days of registering somebody speaks with the person."""
_NEVER: Final = date(9999, 12, 31)
_WEEK: Final = timedelta(days=7)
_MONTH: Final = timedelta(days=30)

state = followup.followups
_JOINED: Final = workers.outerjoin(state, state.c.worker_id == workers.c.id)
next_due: ColumnElement[date] = func.coalesce(state.c.next_on, literal(_NEVER))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tasks a list shows: due on the day `on` or before; None does not ask. `cadre_id` "" is: nobody is responsible."""

    on: date
    reasons: Sequence[ReasonCode] = REASONS
    county_code: str | None = None
    township: str | None = None
    cadre_id: str | None = None
    stale_days: int = STALE_DAYS


def conditions(scope: Scope, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Registered workers in scope, of this place and this cadre."""
    found = [reachable(scope), workers.c.state == State.REGISTERED.value]
    if wanted.county_code is not None:
        found.append(workers.c.county_code == wanted.county_code)
    if wanted.township is not None:
        found.append(workers.c.township == wanted.township)
    if wanted.cadre_id is not None:
        found.append(state.c.cadre_id == wanted.cadre_id if wanted.cadre_id else state.c.cadre_id.is_(None))
    return found


def _holds(code: ReasonCode, wanted: Wanted) -> ColumnElement[bool]:
    on = wanted.on
    if code == "contact_due":
        due: ColumnElement[bool] = state.c.next_on <= on
        return due
    if code == "never_contacted":
        registered_before = datetime.combine(on - timedelta(days=FIRST_CONTACT_DAYS - 1), time(), CHINA)
        long_since: ColumnElement[bool] = workers.c.registered_at < registered_before
        return and_(state.c.last_contact_on.is_(None), state.c.next_on.is_(None), long_since)
    if code == "intention_stale":
        return stale_intention(on, wanted.stale_days)
    return workers.c.certificates_until <= on + timedelta(days=SOON_DAYS)


def tasks(scope: Scope, wanted: Wanted, after: tuple[str, str] | None, limit: int) -> Select[Any]:
    """Up to `limit` workers with a reason, those due longest first, after the one whose (due day, id) is `after`."""
    any_reason = or_(*(_holds(code, wanted) for code in wanted.reasons))
    columns = [workers.c.id, workers.c.registered_at, workers.c.intention_confirmed_on, workers.c.certificates_until]
    statement = select(*columns, *state.c, next_due.label("due")).select_from(_JOINED)
    statement = statement.where(*conditions(scope, wanted), any_reason)
    if after is not None:
        due, worker_id = date.fromisoformat(after[0]), after[1]
        statement = statement.where(or_(next_due > due, and_(next_due == due, workers.c.id > worker_id)))
    return statement.order_by(next_due, workers.c.id).limit(limit)


def reasons(row: Row[Any], wanted: Wanted) -> Iterator[Reason]:
    """Why this row of `tasks` stands on the list: everything that holds, asked for or not."""
    on, told = wanted.on, row.intention_confirmed_on
    if row.next_on is not None and row.next_on <= on:
        late = (on - row.next_on).days
        yield Reason(code="contact_due", due_on=row.next_on, detail=f"约定的联系已过 {late} 天" if late else "约定今天联系")
    if row.last_contact_on is None and row.next_on is None:
        due = china_day(row.registered_at) + timedelta(days=FIRST_CONTACT_DAYS)
        if due <= on:
            yield Reason(code="never_contacted", due_on=due, detail="登记后还没有联系过")
    if told is None:
        yield Reason(code="intention_stale", due_on=None, detail="还没有登记过就业意向")
    elif (age := (on - told).days) > wanted.stale_days:
        due = told + timedelta(days=wanted.stale_days)
        yield Reason(code="intention_stale", due_on=due, detail=f"就业意向已 {age} 天没有确认")
    ends = row.certificates_until
    if ends is not None and ends <= on + timedelta(days=SOON_DAYS):
        yield Reason(code="certificate_ends", due_on=ends, detail=f"证书{'已' if ends < on else '将'}于 {ends} 到期")


async def overdue(connection: AsyncConnection, scope: Scope, wanted: Wanted) -> Sequence[Row[Any]]:
    """Overdue contacts counted by county, township and cadre, the most first."""
    day = wanted.on
    keys = (workers.c.county_code, workers.c.township, state.c.cadre_id)
    counted = func.count().label("overdue")
    statement = (
        select(
            *keys,
            counted,
            how_many(state.c.next_on >= day - _WEEK).label("up_to_a_week"),
            how_many(and_(state.c.next_on < day - _WEEK, state.c.next_on >= day - _MONTH)).label("up_to_a_month"),
            how_many(state.c.next_on < day - _MONTH).label("longer"),
            func.min(state.c.next_on).label("oldest_due_on"),
        )
        .select_from(_JOINED)
        .where(*conditions(scope, wanted), state.c.next_on < day)
        .group_by(*keys)
        .order_by(counted.desc(), *keys)
    )
    return (await connection.execute(statement)).all()


async def stale_intentions(connection: AsyncConnection, scope: Scope, wanted: Wanted) -> Sequence[Row[Any]]:
    """Stale intentions counted by county, township and cadre, the most first; who has none left out."""
    keys = (workers.c.county_code, workers.c.township, state.c.cadre_id)
    confirmed = workers.c.intention_confirmed_on
    old = how_many(stale_intention(wanted.on, wanted.stale_days)).label("stale")
    statement = (
        select(
            *keys,
            func.count().label("workers"),
            old,
            how_many(confirmed.is_(None)).label("never_asked"),
            func.min(confirmed).label("oldest_confirmed_on"),
        )
        .select_from(_JOINED)
        .where(*conditions(scope, wanted))
        .group_by(*keys)
        .having(old > 0)
        .order_by(old.desc(), *keys)
    )
    return (await connection.execute(statement)).all()
