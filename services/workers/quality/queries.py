"""What reads completeness: added up in the database, bit by bit."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, or_, select

from services.contracts.vocabulary import divisions
from services.kernel.http.auth import Scope
from services.kernel.http.paging import Page
from services.workers.counting import how_many, stale_intention
from services.workers.notices import STALE_DAYS
from services.workers.profile import State
from services.workers.quality.reports import MissingCount, QualityOfPlace, QualityOfProfile, QualityReport
from services.workers.quality.schemas import ProfileQuality
from services.workers.quality.score import FIELDS, FULL
from services.workers.repository import reachable
from services.workers.resources import WorkersService
from services.workers.schemas import WorkerSummary
from services.workers.tables import workers

_BIT: Final = "missing_{}"


def _lacks(place: int) -> ColumnElement[bool]:
    return workers.c.missing.bitwise_and(1 << place) != 0


score: ColumnElement[int] = literal(FULL) - sum(
    (case((_lacks(place), field.points), else_=0) for place, field in enumerate(FIELDS)), start=literal(0)
)
"""The points of one profile."""


async def report(service: WorkersService, scope: Scope, county_code: str | None) -> QualityReport:
    """Completeness by county; of one county, by township."""
    keys = [workers.c.county_code, *([workers.c.township] if county_code is not None else [])]
    asked = [workers.c.county_code == county_code] if county_code is not None else []
    mean = (func.sum(score) * 1.0 / func.count()).label("score")
    statement: Select[Any] = (
        select(
            *keys,
            func.count().label("workers"),
            mean,
            how_many(stale_intention(service.clock.today(), STALE_DAYS)).label("stale"),
            *(how_many(_lacks(place)).label(_BIT.format(place)) for place in range(len(FIELDS))),
        )
        .where(reachable(scope), workers.c.state == State.REGISTERED.value, *asked)
        .group_by(*keys)
        .order_by(mean, *keys)
    )
    async with service.store.read() as connection:
        rows = (await connection.execute(statement)).all()
    return QualityReport(items=[_place(row, by_township=county_code is not None) for row in rows])


def _place(row: Row[Any], *, by_township: bool) -> QualityOfPlace:
    counts = [
        MissingCount(field=field.name, label=field.label, points=field.points, workers=lacking)
        for place, field in enumerate(FIELDS)
        if (lacking := int(getattr(row, _BIT.format(place))))
    ]
    return QualityOfPlace(
        county_code=row.county_code,
        county_name=divisions.load().full_name(row.county_code),
        township=row.township if by_township else None,
        workers=row.workers,
        score=round(float(row.score), 1),
        stale=row.stale,
        missing=sorted(counts, key=lambda one: -one.points * one.workers),
    )


async def profiles(
    service: WorkersService, scope: Scope, county_code: str | None, cursor: str | None, limit: int
) -> Page[QualityOfProfile]:
    """A page of the registered, those who lack most first. Raises BadRequest (bad_cursor)."""
    query = {"list": "quality", "county_code": county_code}
    statement = select(workers.c.id, workers.c.missing, score.label("score"))
    statement = statement.where(reachable(scope), workers.c.state == State.REGISTERED.value)
    if county_code is not None:
        statement = statement.where(workers.c.county_code == county_code)
    if cursor is not None:
        points, worker_id = service.cursors.decode(cursor, query)
        statement = statement.where(or_(score > int(points), and_(score == int(points), workers.c.id > str(worker_id))))
    async with service.store.read() as connection:
        rows = (await connection.execute(statement.order_by(score, workers.c.id).limit(limit + 1))).all()
        shown = rows[:limit]
        held = await service.workers.by_ids(connection, [row.id for row in shown])
    today = service.clock.today()
    items = [
        QualityOfProfile(worker=WorkerSummary.of(held[row.id], today), quality=ProfileQuality.of_bits(row.missing))
        for row in shown
    ]
    following = service.cursors.encode([shown[-1].score, shown[-1].id], query) if len(rows) > limit else None
    return Page[QualityOfProfile](items=items, next_cursor=following)
