"""All SQL of the ledger in this database. Functions work in the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.envelope import Envelope
from services.contracts.erasures import PERSON_ERASED, PersonErased
from services.kernel.audit.actor import present
from services.kernel.ids import new_id
from services.workers.events import SOURCE
from services.workers.tables import duplicates, erasures, workers

_IN_A_QUERY: Final = 1000
_merges = duplicates.merges


async def add(connection: AsyncConnection, entry: PersonErased, reason: str, number_blind: str | None = None) -> None:
    """Keep an entry."""
    row = {
        "blind": entry.blind,
        "number_blind": number_blind,
        "version": entry.version,
        "reason": reason,
        "erased_at": entry.erased_at,
        "erased_by": present().id,
    }
    await connection.execute(insert(erasures), row)


async def get(connection: AsyncConnection, blind: str) -> Row[Any] | None:
    """The entry of this digest."""
    return (await connection.execute(select(erasures).where(erasures.c.blind == blind))).one_or_none()


async def refused(connection: AsyncConnection, number_blinds: Sequence[str]) -> frozenset[str]:
    """Which of these identity numbers (blind) belong to people who were erased and have not come back by themselves."""
    found: set[str] = set()
    for start in range(0, len(number_blinds), _IN_A_QUERY):
        some = erasures.c.number_blind.in_(number_blinds[start : start + _IN_A_QUERY])
        found |= set((await connection.execute(select(erasures.c.number_blind).where(some))).scalars())
    return frozenset(found)


async def came_back(connection: AsyncConnection, number_blind: str) -> None:
    """The person registers anew, in person: sheets may tell of them again."""
    mine = erasures.c.number_blind == number_blind
    await connection.execute(update(erasures).where(mine).values(number_blind=None))


async def everything(connection: AsyncConnection) -> Mapping[str, PersonErased]:
    """The whole ledger by digest."""
    rows = await connection.execute(select(erasures.c.blind, erasures.c.version, erasures.c.erased_at))
    return {row.blind: PersonErased(blind=row.blind, version=row.version, erased_at=row.erased_at) for row in rows}


async def worker_ids(connection: AsyncConnection) -> Iterable[str]:
    """The ids of all records."""
    return (await connection.execute(select(workers.c.id))).scalars()


async def absorbed(connection: AsyncConnection, worker_id: str) -> Sequence[str]:
    """The records that were merged into this one: they are of the same person."""
    mine = (_merges.c.kept_id == worker_id) & _merges.c.undone_at.is_(None)
    return (await connection.execute(select(_merges.c.absorbed_id).where(mine))).scalars().all()


def envelope(entry: PersonErased, now: datetime) -> Envelope:
    """The event that tells the ledger's stream."""
    return Envelope(
        id=new_id("evt"),
        type=PERSON_ERASED,
        source=SOURCE,
        subject=entry.blind,
        version=1,
        time=now,
        data=entry.model_dump_json().encode(),
    )
