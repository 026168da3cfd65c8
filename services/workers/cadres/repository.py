"""All SQL of cadres. Functions work in the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel import scoping
from services.kernel.http.auth import Scope
from services.kernel.vault import ServiceVault
from services.kernel.vault.port import FieldCipher
from services.workers.cadres.cadre import Cadre
from services.workers.tables import cadres

_PLAIN: Final = ("id", "version", "post", "county_code", "township", "principal", "active")


async def add(connection: AsyncConnection, vault: ServiceVault, cadre: Cadre) -> None:
    """Keep a new one."""
    keys = await vault.people.create(connection, [cadre.id])
    await connection.execute(insert(cadres).values(_values(cadre, keys[cadre.id])))


async def change(connection: AsyncConnection, vault: ServiceVault, cadre: Cadre) -> None:
    """Keep the next version."""
    key = await vault.people.one(connection, cadre.id)
    await connection.execute(update(cadres).where(cadres.c.id == cadre.id).values(_values(cadre, key)))


async def get(
    connection: AsyncConnection, vault: ServiceVault, cadre_id: str, scope: Scope, *, lock: bool = False
) -> Cadre | None:
    """The cadre of this id, if in scope."""
    statement = select(cadres).where(cadres.c.id == cadre_id, scoping.residents(scope, cadres.c.county_code))
    found = await _opened(connection, vault, statement.with_for_update() if lock else statement)
    return found[0] if found else None


async def page(
    connection: AsyncConnection,
    vault: ServiceVault,
    scope: Scope,
    *,
    wanted: Mapping[str, str],
    after_id: str,
    limit: int,
) -> Sequence[Cadre]:
    """Up to `limit` cadres in scope with id after `after_id`, whose columns are as `wanted`."""
    asked = [cadres.c[name] == value for name, value in wanted.items()]
    statement = select(cadres).where(cadres.c.id > after_id, scoping.residents(scope, cadres.c.county_code), *asked)
    return await _opened(connection, vault, statement.order_by(cadres.c.id).limit(limit))


async def names(connection: AsyncConnection, vault: ServiceVault, ids: Iterable[str]) -> Mapping[str, str]:
    """Id -> name, for lists that were scoped by their workers."""
    found = await _opened(connection, vault, select(cadres).where(cadres.c.id.in_(sorted(set(ids)))))
    return {cadre.id: cadre.name for cadre in found}


async def _opened(connection: AsyncConnection, vault: ServiceVault, statement: Select[Any]) -> Sequence[Cadre]:
    rows = (await connection.execute(statement)).all()
    keys = await vault.people.load(connection, [row.id for row in rows])
    return [_cadre(row, keys[row.id]) for row in rows]


def _values(cadre: Cadre, key: FieldCipher) -> dict[str, Any]:
    return {
        **{name: getattr(cadre, name) for name in _PLAIN},
        "name_sealed": key.seal(cadre.name.encode(), f"cadres.name:{cadre.id}"),
        "phone_sealed": key.seal(cadre.phone.encode(), f"cadres.phone:{cadre.id}"),
    }


def _cadre(row: Row[Any], key: FieldCipher) -> Cadre:
    return Cadre(
        name=key.open(row.name_sealed, f"cadres.name:{row.id}").decode(),
        phone=key.open(row.phone_sealed, f"cadres.phone:{row.id}").decode(),
        **{name: getattr(row, name) for name in _PLAIN},
    )
