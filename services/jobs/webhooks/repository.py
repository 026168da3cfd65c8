"""All SQL of endpoints and of the delivery log."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Row, delete, func, insert, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.jobs.webhooks.endpoint import Endpoint, Secret, State
from services.jobs.webhooks.tables import attempts, deliveries, endpoints
from services.kernel.errors import VersionMismatch
from services.kernel.http.auth import Scope
from services.kernel.vault.port import Vault

PENDING: Final = "pending"
DELIVERED: Final = "delivered"
FAILED: Final = "failed"
_PLAIN: Final = tuple(field.name for field in fields(Endpoint) if field.name not in {"event_types", "secrets", "state"})


def _place(endpoint_id: str) -> str:
    return f"webhook_endpoints.secrets:{endpoint_id}"


def _values(endpoint: Endpoint, vault: Vault) -> dict[str, Any]:
    kept = [{"value": secret.value, "until": secret.until} for secret in endpoint.secrets]
    return {
        **{name: getattr(endpoint, name) for name in _PLAIN},
        "event_types": list(endpoint.event_types),
        "secrets": vault.seal(orjson.dumps(kept), _place(endpoint.id)),
        "state": str(endpoint.state),
    }


def endpoint_of(row: Row[Any], vault: Vault) -> Endpoint:
    """The endpoint in a row. Raises VaultSealed."""
    kept = orjson.loads(vault.open(row.secrets, _place(row.id)))
    known = [Secret(one["value"], datetime.fromisoformat(one["until"]) if one["until"] else None) for one in kept]
    return Endpoint(
        event_types=tuple(row.event_types),
        secrets=tuple(known),
        state=State(row.state),
        **{name: getattr(row, name) for name in _PLAIN},
    )


def reachable(scope: Scope) -> ColumnElement[bool]:
    """The condition that an endpoint may be seen and changed: an employer's principal reaches its own."""
    return endpoints.c.employer_id == scope.employer_id if scope.employer_id is not None else true()


async def add(connection: AsyncConnection, endpoint: Endpoint, vault: Vault) -> None:
    """Keep a new endpoint. Raises IntegrityError when the employer has one at this URL."""
    await connection.execute(insert(endpoints).values(_values(endpoint, vault)))


async def change(connection: AsyncConnection, before: Endpoint, after: Endpoint, vault: Vault) -> None:
    """Keep the second in place of the first. Raises VersionMismatch, IntegrityError."""
    here = (endpoints.c.id == before.id) & (endpoints.c.version == before.version)
    if (await connection.execute(update(endpoints).where(here).values(_values(after, vault)))).rowcount != 1:
        raise VersionMismatch()


async def get(
    connection: AsyncConnection, endpoint_id: str, in_scope: ColumnElement[bool], vault: Vault, *, lock: bool = False
) -> Endpoint | None:
    """The endpoint of this id, if it is in scope; `lock`: held until the transaction ends."""
    wanted = select(endpoints).where(endpoints.c.id == endpoint_id, in_scope)
    row = (await connection.execute(wanted.with_for_update() if lock else wanted)).one_or_none()
    return endpoint_of(row, vault) if row is not None else None


async def all_of(connection: AsyncConnection, in_scope: ColumnElement[bool], vault: Vault) -> Sequence[Endpoint]:
    """The endpoints in scope, oldest first."""
    rows = await connection.execute(select(endpoints).where(in_scope).order_by(endpoints.c.id))
    return [endpoint_of(row, vault) for row in rows]


async def count(connection: AsyncConnection, employer_id: str) -> int:
    """How many endpoints an employer has."""
    mine = select(func.count()).select_from(endpoints).where(endpoints.c.employer_id == employer_id)
    return int(await connection.scalar(mine) or 0)


async def remove(connection: AsyncConnection, endpoint_id: str) -> None:
    """Forget an endpoint with its deliveries."""
    mine = select(deliveries.c.id).where(deliveries.c.endpoint_id == endpoint_id).scalar_subquery()
    await connection.execute(delete(attempts).where(attempts.c.delivery_id.in_(mine)))
    await connection.execute(delete(deliveries).where(deliveries.c.endpoint_id == endpoint_id))
    await connection.execute(delete(endpoints).where(endpoints.c.id == endpoint_id))


async def active(connection: AsyncConnection, employer_ids: Collection[str]) -> Sequence[Row[Any]]:
    """The rows of the endpoints that are told."""
    wanted = (endpoints.c.employer_id.in_(employer_ids)) & (endpoints.c.state == str(State.ACTIVE))
    return (await connection.execute(select(endpoints).where(wanted))).all()


async def page(
    connection: AsyncConnection, endpoint_id: str, state: str | None, before_id: str | None, limit: int
) -> Sequence[Row[Any]]:
    """Up to `limit` deliveries of an endpoint, newest first."""
    rows = select(deliveries).where(deliveries.c.endpoint_id == endpoint_id)
    rows = rows if state is None else rows.where(deliveries.c.state == state)
    rows = rows if before_id is None else rows.where(deliveries.c.id < before_id)
    return (await connection.execute(rows.order_by(deliveries.c.id.desc()).limit(limit))).all()


async def delivery(connection: AsyncConnection, endpoint_id: str, delivery_id: str) -> Row[Any] | None:
    """One delivery of an endpoint."""
    wanted = select(deliveries).where(deliveries.c.endpoint_id == endpoint_id, deliveries.c.id == delivery_id)
    return (await connection.execute(wanted)).one_or_none()


async def attempts_of(connection: AsyncConnection, delivery_id: str) -> Sequence[Row[Any]]:
    """The attempts of a delivery, first to last."""
    rows = select(attempts).where(attempts.c.delivery_id == delivery_id).order_by(attempts.c.number)
    return (await connection.execute(rows)).all()
