"""The durable queue: put in by the transaction of the change, taken out under a lease, by as many processes as there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.jobs.repository import Change
from services.jobs.webhooks import messages, repository
from services.jobs.webhooks.endpoint import Attempt, Endpoint, State
from services.jobs.webhooks.repository import DELIVERED, FAILED, PENDING
from services.jobs.webhooks.tables import attempts, deliveries, endpoints
from services.kernel.ids import new_id
from services.kernel.vault.port import Vault

LEASE: Final = timedelta(seconds=60)
KEPT_FOR: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Leased:
    """A delivery in this process's hands until `until`."""

    id: str
    body: str
    made: int
    until: datetime
    endpoint: Endpoint


def row_of(endpoint_id: str, event_type: str, body: str, now: datetime) -> dict[str, Any]:
    """A new delivery, due at once."""
    return {
        "id": new_id("msg"),
        "endpoint_id": endpoint_id,
        "event_type": event_type,
        "body": body,
        "state": PENDING,
        "attempts": 0,
        "created_at": now,
        "due_at": now,
        "leased_until": None,
    }


async def put(connection: AsyncConnection, rows: Iterable[dict[str, Any]]) -> None:
    """Put deliveries in."""
    new = list(rows)
    if new:
        await connection.execute(insert(deliveries), new)


async def tell(connection: AsyncConnection, changes: Sequence[Change], told: Sequence[dict[str, Any]], now: datetime) -> None:
    """Put in what endpoints want to hear of these changes; `told` are their lines of the log, in the same order."""
    owners = {change.after.employer_id for change in changes if change.after.employer_id is not None}
    listening = await repository.active(connection, owners) if owners else []
    if not listening:
        return
    rows = []
    for change, line in zip(changes, told, strict=True):
        event_type = messages.type_of(change.before, change.after)
        if event_type is None:
            continue
        body = messages.body(event_type, change.after.updated_at, messages.data_of(line))
        rows += [
            row_of(endpoint.id, event_type, body, now)
            for endpoint in listening
            if endpoint.employer_id == change.after.employer_id
            and (not endpoint.event_types or event_type in endpoint.event_types)
        ]
    await put(connection, rows)


async def due(connection: AsyncConnection, now: datetime) -> bool:
    """Whether anything waits to be tried."""
    return await connection.scalar(_due(now).with_only_columns(deliveries.c.id).limit(1)) is not None


def _due(now: datetime) -> Select[Any]:
    free = deliveries.c.leased_until.is_(None) | (deliveries.c.leased_until <= now)
    return (
        select(deliveries)
        .join(endpoints, endpoints.c.id == deliveries.c.endpoint_id)
        .where(deliveries.c.due_at <= now, free, endpoints.c.state == str(State.ACTIVE))
    )


async def lease(connection: AsyncConnection, vault: Vault, now: datetime, limit: int) -> Sequence[Leased]:
    """Take up to `limit` due deliveries of active endpoints that nobody has in hand."""
    oldest = _due(now).order_by(deliveries.c.due_at, deliveries.c.id).limit(limit)
    found = (await connection.execute(oldest.with_for_update(skip_locked=True, of=deliveries))).all()
    if not found:
        return []
    until = now + LEASE
    mine = deliveries.c.id.in_([row.id for row in found])
    await connection.execute(update(deliveries).where(mine).values(leased_until=until))
    wanted = select(endpoints).where(endpoints.c.id.in_({row.endpoint_id for row in found}))
    known = {row.id: repository.endpoint_of(row, vault) for row in await connection.execute(wanted)}
    return [Leased(row.id, row.body, row.attempts, until, known[row.endpoint_id]) for row in found]


async def settle(
    connection: AsyncConnection, leased: Leased, attempt: Attempt, *, at: datetime, duration_ms: int, due_at: datetime | None
) -> bool:
    """Keep how the attempt went; `due_at` None ends the delivery. False: the lease ran out and somebody else has it."""
    state = DELIVERED if attempt.accepted else PENDING if due_at is not None else FAILED
    mine = (deliveries.c.id == leased.id) & (deliveries.c.leased_until == leased.until)
    values = {"state": state, "attempts": leased.made + 1, "due_at": due_at, "leased_until": None}
    if (await connection.execute(update(deliveries).where(mine).values(values))).rowcount != 1:
        return False
    row = {
        "delivery_id": leased.id,
        "number": leased.made + 1,
        "at": at,
        "status": attempt.status,
        "error": attempt.error,
        "duration_ms": duration_ms,
    }
    await connection.execute(insert(attempts), [row])
    return True


async def again(connection: AsyncConnection, delivery_id: str, now: datetime) -> None:
    """A delivery due at once, whatever became of it before; under the same id, so that the receiver knows it."""
    values = {"state": PENDING, "due_at": now, "leased_until": None}
    await connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(values))


async def purge(connection: AsyncConnection, now: datetime, limit: int) -> int:
    """Forget up to `limit` deliveries of long ago; how many were forgotten."""
    old = select(deliveries.c.id).where(deliveries.c.created_at < now - KEPT_FOR).order_by(deliveries.c.id).limit(limit)
    ids = (await connection.scalars(old)).all()
    await connection.execute(delete(attempts).where(attempts.c.delivery_id.in_(ids)))
    return (await connection.execute(delete(deliveries).where(deliveries.c.id.in_(ids)))).rowcount
