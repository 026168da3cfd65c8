"""Writing and reading the log of changes: all its SQL.

Followers ask for what is after a position. That loses nothing only if positions become visible in their order: on SQLite one
writes at a time; on PostgreSQL writers take an advisory lock before they get a position and hold it until they commit, for a
number taken first and committed last would be passed over.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, text, true
from sqlalchemy.ext.asyncio import AsyncConnection

from services.jobs.feed.tables import changes
from services.kernel import scoping
from services.kernel.http.auth import Scope

_ORDER_LOCK: Final = 7_210_513_071


async def append(connection: AsyncConnection, rows: Iterable[dict[str, Any]]) -> None:
    """Keep the rows, in the transaction of the changes they tell of. Call it near the end: other writers wait from here on."""
    told = list(rows)
    if not told:
        return
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ORDER_LOCK})
    await connection.execute(insert(changes), told)


def followed_by(scope: Scope) -> ColumnElement[bool]:
    """The condition that a caller may follow a row as its own: an employer its own, staff those of the places it keeps."""
    return scoping.writable(scope, changes.c.employer_id, changes.c.place_code)


ANY: Final[ColumnElement[bool]] = true()
POSTINGS: Final[ColumnElement[bool]] = changes.c.kind == "posting"
PUBLIC: Final[ColumnElement[bool]] = (changes.c.kind == "posting") & (changes.c.public | changes.c.public_before)
"""What the public feed tells of: what everybody may see, or could until now."""


async def after(connection: AsyncConnection, which: ColumnElement[bool], position: int, limit: int) -> Sequence[Row[Any]]:
    """Up to `limit` rows after a position, in order."""
    rows = select(changes).where(which, changes.c.position > position).order_by(changes.c.position).limit(limit)
    return (await connection.execute(rows)).all()


async def newest(connection: AsyncConnection, which: ColumnElement[bool]) -> int:
    """The position of the last of these rows; 0 when there is none."""
    return int(await connection.scalar(select(func.max(changes.c.position)).where(which)) or 0)


async def oldest_cursor(connection: AsyncConnection) -> int:
    """The earliest position from which nothing is missing."""
    return int(await connection.scalar(select(func.min(changes.c.position))) or 1) - 1


async def purge(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Forget up to `limit` rows older than that, but never the newest of all; how many were forgotten."""
    last = select(func.max(changes.c.position)).scalar_subquery()
    old = select(changes.c.position).where(changes.c.at < before, changes.c.position < last)
    several = old.order_by(changes.c.position).limit(limit).scalar_subquery()
    return (await connection.execute(delete(changes).where(changes.c.position.in_(several)))).rowcount
