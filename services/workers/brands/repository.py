"""All SQL of labour brands. Every function works in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel import scoping
from services.kernel.http.auth import Scope, division_prefix
from services.workers.brands.brand import Brand, BrandState
from services.workers.papers import holds
from services.workers.profile import State
from services.workers.tables import brands, training, workers
from services.workers.training.course import Result

_BRAND: Final = tuple(field.name for field in fields(Brand))


async def add(connection: AsyncConnection, brand: Brand) -> None:
    """Keep a new brand. Raises IntegrityError for a name that the division has already."""
    await connection.execute(insert(brands), _values(brand))


async def change(connection: AsyncConnection, brand: Brand) -> None:
    """Keep a brand in place of its version before. Raises IntegrityError for a name that the division has already."""
    values = {name: value for name, value in _values(brand).items() if name != "id"}
    await connection.execute(update(brands).where(brands.c.id == brand.id).values(values))


async def get(connection: AsyncConnection, brand_id: str, scope: Scope, *, lock: bool = False) -> Brand | None:
    """The brand, if the caller serves its division."""
    statement = select(brands).where(brands.c.id == brand_id, _reachable(scope))
    row = (await connection.execute(statement.with_for_update() if lock else statement)).one_or_none()
    return _brand(row) if row is not None else None


async def all_of(connection: AsyncConnection, scope: Scope) -> Sequence[Brand]:
    """The brands of the divisions that the caller serves, by division and name."""
    statement = select(brands).where(_reachable(scope)).order_by(brands.c.division_code, brands.c.name)
    return [_brand(row) for row in await connection.execute(statement)]


async def trained(connection: AsyncConnection, brand_id: str) -> Sequence[str]:
    """The registered workers who completed a course of this brand."""
    completed = (
        select(training.enrolments.c.worker_id)
        .join(training.courses, training.courses.c.id == training.enrolments.c.course_id)
        .where(training.courses.c.brand_id == brand_id, training.enrolments.c.result == str(Result.COMPLETED))
    )
    present = select(workers.c.id).where(workers.c.id.in_(completed), workers.c.state == str(State.REGISTERED))
    return list((await connection.execute(present)).scalars())


async def certified(connection: AsyncConnection, brand: Brand) -> Sequence[str]:
    """The registered workers of the brand's division who hold its certificate, as stated in structure."""
    if not brand.certificate:
        return []
    prefix = division_prefix(brand.division_code)
    living_there = workers.c.county_code.startswith(prefix, autoescape=True)
    holding = select(workers.c.id).where(living_there, workers.c.state == str(State.REGISTERED), holds(brand.certificate))
    return list((await connection.execute(holding)).scalars())


def _reachable(scope: Scope) -> ColumnElement[bool]:
    return scoping.residents(scope, brands.c.division_code)


def _values(brand: Brand) -> dict[str, Any]:
    return {name: getattr(brand, name) for name in _BRAND} | {"state": str(brand.state)}


def _brand(row: Row[Any]) -> Brand:
    return Brand(**{name: getattr(row, name) for name in _BRAND if name != "state"}, state=BrandState(row.state))
