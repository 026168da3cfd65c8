"""All SQL of households. Functions work in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, Select, and_, case, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel import scoping
from services.kernel.clock import china_day
from services.kernel.http.auth import Scope
from services.kernel.vault import ServiceVault
from services.kernel.vault.port import FieldCipher
from services.workers.employment import AT_WORK
from services.workers.households.household import Category, Household, Member
from services.workers.profile import State
from services.workers.tables import household as tables
from services.workers.tables import workers

_PLAIN: Final = ("id", "version", "code", "county_code", "township", "relocated")
_CATEGORIES: Final = TypeAdapter(tuple[Category, ...])


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which households a list shows; None does not ask."""

    county_code: str | None = None
    township: str | None = None
    category: str | None = None
    zero_employment: bool | None = None


async def add(connection: AsyncConnection, vault: ServiceVault, household: Household, by: tuple[str, datetime]) -> None:
    """Keep a new one. Raises IntegrityError where its code is taken, or a member is in another household."""
    keys = await vault.people.create(connection, [household.id])
    await connection.execute(insert(tables.households).values(_values(household, keys[household.id], by)))
    await _put_members(connection, household, keys[household.id])


async def change(connection: AsyncConnection, vault: ServiceVault, household: Household, by: tuple[str, datetime]) -> None:
    """Keep the next version. Raises IntegrityError as `add`."""
    key = await vault.people.one(connection, household.id)
    mine = tables.households.c.id == household.id
    await connection.execute(update(tables.households).where(mine).values(_values(household, key, by)))
    await connection.execute(delete(tables.members).where(tables.members.c.household_id == household.id))
    await _put_members(connection, household, key)


async def get(
    connection: AsyncConnection, vault: ServiceVault, household_id: str, scope: Scope, *, lock: bool = False
) -> Household | None:
    """The household of this id, if in scope."""
    table = tables.households
    statement = select(table).where(table.c.id == household_id, scoping.residents(scope, table.c.county_code))
    found = await _opened(connection, vault, statement.with_for_update() if lock else statement)
    return found[0] if found else None


async def of_worker(connection: AsyncConnection, vault: ServiceVault, worker_id: str, scope: Scope) -> Household | None:
    """The household that a worker is linked to, if in scope."""
    table = tables.households
    mine = select(tables.members.c.household_id).where(tables.members.c.worker_id == worker_id)
    statement = select(table).where(table.c.id.in_(mine), scoping.residents(scope, table.c.county_code))
    found = await _opened(connection, vault, statement)
    return found[0] if found else None


async def page(
    connection: AsyncConnection, vault: ServiceVault, scope: Scope, wanted: Wanted, *, after_id: str, limit: int
) -> Sequence[Household]:
    """Up to `limit` households in scope with id after `after_id`."""
    table = tables.households
    conditions = [table.c.id > after_id, scoping.residents(scope, table.c.county_code)]
    asked = {name: getattr(wanted, name) for name in ("county_code", "township", "category")}
    conditions += [table.c[name] == value for name, value in asked.items() if value is not None]
    if wanted.zero_employment is not None:
        conditions.append(_zero_employment() if wanted.zero_employment else _somebody(_at_work().is_(True)))
    return await _opened(connection, vault, select(table).where(*conditions).order_by(table.c.id).limit(limit))


async def statuses(connection: AsyncConnection, worker_ids: Sequence[str]) -> Mapping[str, str | None]:
    """Worker's id -> employment status, of those registered."""
    registered = (workers.c.id.in_(worker_ids), workers.c.state == State.REGISTERED.value)
    some = select(workers.c.id, workers.c.employment_status).where(*registered)
    return {row.id: row.employment_status for row in await connection.execute(some)}


def _at_work() -> ColumnElement[bool | None]:
    registered = workers.c.state == State.REGISTERED.value
    by_record = case((workers.c.employment_status.is_not(None), workers.c.employment_status.in_(sorted(AT_WORK))))
    return case((registered, by_record), else_=tables.members.c.at_work)


def _somebody(condition: ColumnElement[Any]) -> ColumnElement[bool]:
    joined = tables.members.outerjoin(workers, workers.c.id == tables.members.c.worker_id)
    here = tables.members.c.household_id == tables.households.c.id
    return exists(select(1).select_from(joined).where(here, condition))


def _zero_employment() -> ColumnElement[bool]:
    """The same as household.zero_employment being True, in SQL."""
    able, at_work = tables.members.c.able, _at_work()
    not_known = and_(able.is_not(False), at_work.is_(None))
    return and_(_somebody(able.is_(True)), ~_somebody(at_work.is_(True)), ~_somebody(not_known))


async def _put_members(connection: AsyncConnection, household: Household, key: FieldCipher) -> None:
    rows = [
        {
            "household_id": household.id,
            "position": position,
            "worker_id": member.worker_id,
            "person_sealed": key.seal(orjson.dumps([member.name, member.birth_year]), _place(household.id, position)),
            "relation": member.relation,
            "able": member.able,
            "at_work": member.at_work,
        }
        for position, member in enumerate(household.members)
    ]
    if rows:
        await connection.execute(insert(tables.members), rows)


async def _opened(connection: AsyncConnection, vault: ServiceVault, statement: Select[Any]) -> Sequence[Household]:
    rows = (await connection.execute(statement)).all()
    ids = [row.id for row in rows]
    keys = await vault.people.load(connection, ids)
    members: dict[str, list[Row[Any]]] = {id_: [] for id_ in ids}
    mine = select(tables.members).where(tables.members.c.household_id.in_(ids)).order_by(tables.members.c.position)
    for row in await connection.execute(mine):
        members[row.household_id].append(row)
    return [_household(row, members[row.id], keys[row.id]) for row in rows]


def _values(household: Household, key: FieldCipher, by: tuple[str, datetime]) -> dict[str, Any]:
    present = household.category_on(china_day(by[1]))
    return {
        **{name: getattr(household, name) for name in _PLAIN},
        "places_sealed": key.seal(
            orjson.dumps([household.village, household.relocated_to]), f"households.places:{household.id}"
        ),
        "categories": _CATEGORIES.dump_python(household.categories, mode="json"),
        "category": present and present.code,
        "risk": present and present.risk,
        "changed_by": by[0],
        "changed_at": by[1],
    }


def _household(row: Row[Any], members: Sequence[Row[Any]], key: FieldCipher) -> Household:
    village, relocated_to = orjson.loads(key.open(row.places_sealed, f"households.places:{row.id}"))
    return Household(
        **{name: getattr(row, name) for name in _PLAIN},
        village=village,
        relocated_to=relocated_to,
        categories=_CATEGORIES.validate_python(row.categories),
        members=tuple(_member(member, key) for member in members),
    )


def _member(row: Row[Any], key: FieldCipher) -> Member:
    name, birth_year = orjson.loads(key.open(row.person_sealed, _place(row.household_id, row.position)))
    return Member(name, row.relation, row.worker_id, birth_year, row.able, row.at_work)


def _place(household_id: str, position: int) -> str:
    return f"household_members.person:{household_id}:{position}"
