"""All SQL of likely duplicates. Every function works in the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from itertools import combinations
from typing import Any, Final

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.http.auth import Scope
from services.workers.duplicates.merging import Merge
from services.workers.profile import State
from services.workers.repository import reachable
from services.workers.tables import consents, duplicates, workers

_MERGE: Final = tuple(field.name for field in fields(Merge))


class Reason(StrEnum):
    """Why two records may be one person's."""

    SAME_NAME_AND_BIRTH = "same_name_and_birth"
    """The same name, birth date and county."""
    SHARED_PHONE = "shared_phone"


_BLIND: Final = {Reason.SAME_NAME_AND_BIRTH: workers.c.likeness_blind, Reason.SHARED_PHONE: workers.c.phone_blind}


@dataclass(frozen=True, slots=True)
class Group:
    """Records that share something. `key` orders groups and means nothing."""

    key: str
    worker_ids: tuple[str, ...]


async def groups(
    connection: AsyncConnection, scope: Scope, reason: Reason, after: str, limit: int
) -> tuple[Sequence[Group], str | None]:
    """Up to `limit` groups of registered workers in scope after the group `after`, and where the next page begins (None: that
    was all). Groups in which everybody was found to be somebody else are left out, so a page may be shorter."""
    blind = _BLIND[reason]
    present = (workers.c.state == State.REGISTERED.value, reachable(scope), blind > after)
    shared = select(blind).where(*present).group_by(blind).having(func.count() > 1).order_by(blind).limit(limit)
    keys = list((await connection.execute(shared)).scalars())
    members: dict[str, list[str]] = {key: [] for key in keys}
    for key, id_ in await connection.execute(
        select(blind, workers.c.id).where(*present, blind.in_(keys)).order_by(workers.c.id)
    ):
        members[key].append(id_)
    told_apart = await _told_apart(connection, [id_ for ids in members.values() for id_ in ids])
    found = [
        Group(key, tuple(ids))
        for key, ids in members.items()
        if any(pair not in told_apart for pair in combinations(sorted(ids), 2))
    ]
    return found, keys[-1] if len(keys) == limit else None


async def _told_apart(connection: AsyncConnection, ids: Sequence[str]) -> set[tuple[str, str]]:
    table = duplicates.different
    said = select(table.c.one_id, table.c.other_id).where(table.c.one_id.in_(ids))
    return {(one, other) for one, other in await connection.execute(said)}


async def tell_apart(connection: AsyncConnection, ids: Iterable[str], by: str, at: datetime) -> None:
    """Keep that these are all different people."""
    pairs = list(combinations(sorted(set(ids)), 2))
    known = await _told_apart(connection, [one for one, _ in pairs])
    rows = [
        {"one_id": one, "other_id": other, "said_by": by, "said_at": at} for one, other in pairs if (one, other) not in known
    ]
    if rows:
        await connection.execute(insert(duplicates.different), rows)


async def add(connection: AsyncConnection, merge: Merge) -> None:
    """Keep a merge."""
    await connection.execute(insert(duplicates.merges), {name: getattr(merge, name) for name in _MERGE})


async def get(connection: AsyncConnection, merge_id: str) -> Merge | None:
    """A merge, locked for the rest of the (writing) transaction."""
    statement = select(duplicates.merges).where(duplicates.merges.c.id == merge_id).with_for_update()
    row = (await connection.execute(statement)).one_or_none()
    return _merge(row) if row is not None else None


async def undone(connection: AsyncConnection, merge_id: str, at: datetime) -> None:
    """Keep that a merge was undone."""
    await connection.execute(update(duplicates.merges).where(duplicates.merges.c.id == merge_id).values(undone_at=at))


async def merged_into(connection: AsyncConnection, ids: Sequence[str]) -> Mapping[str, Merge]:
    """Absorbed worker -> the merge that stands."""
    table = duplicates.merges
    standing = select(table).where(table.c.absorbed_id.in_(ids), table.c.undone_at.is_(None))
    return {row.absorbed_id: _merge(row) for row in await connection.execute(standing)}


async def agree_again(connection: AsyncConnection, worker_id: str, at: datetime) -> None:
    """What a merge took back of a person's declarations (all of that moment) stands again."""
    taken_back = (consents.c.worker_id == worker_id) & (consents.c.withdrawn_at == at)
    await connection.execute(update(consents).where(taken_back).values(withdrawn_at=None, withdrawn_how=None))


def _merge(row: Row[Any]) -> Merge:
    return Merge(**{name: getattr(row, name) for name in _MERGE})
