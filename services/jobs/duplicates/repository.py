"""All SQL of duplicates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from services.jobs.duplicates.likeness import Likeness
from services.jobs.duplicates.tables import looked_at, pairs
from services.jobs.posting import OPEN, Posting, Status
from services.jobs.repository import posting_of
from services.jobs.tables import postings

PROPOSED: Final = "proposed"
MERGED: Final = "merged"
REJECTED: Final = "rejected"
_ROW: Final = 1
_LASTING: Final = [str(status) for status in (*OPEN, Status.PAUSED, Status.SUBMITTED)]
_MOST: Final = 200


async def position(connection: AsyncConnection) -> int:
    """How far the log of changes was looked through."""
    return int(await connection.scalar(select(looked_at.c.position).where(looked_at.c.id == _ROW)) or 0)


async def advance(connection: AsyncConnection, before: int, after: int) -> bool:
    """Looked through up to there. False: another process was faster."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    if before == 0:
        first = dialect.insert(looked_at).values(id=_ROW, position=after)
        return (await connection.execute(first.on_conflict_do_nothing())).rowcount == 1
    here = (looked_at.c.id == _ROW) & (looked_at.c.position == before)
    return (await connection.execute(update(looked_at).where(here).values(position=after))).rowcount == 1


async def like(connection: AsyncConnection, posting: Posting) -> Sequence[Posting]:
    """Postings that last, in the same city, of the same employer, occupation or title, that came another way."""
    opening = posting.opening
    city = func.coalesce(postings.c.city_code, postings.c.province_code) == (opening.city_code or opening.province_code)
    alike = [postings.c.employer_id == posting.employer_id, postings.c.title == opening.title]
    if opening.occupation_id is not None:
        alike.append(postings.c.occupation_id == opening.occupation_id)
    apart = or_(postings.c.source_text != opening.source_text, postings.c.employer_id != posting.employer_id)
    found = (
        select(postings)
        .where(city, or_(*alike), apart, postings.c.id != posting.id)
        .where(postings.c.status.in_(_LASTING), postings.c.sandbox.is_(False))
        .order_by(postings.c.id)
        .limit(_MOST)
    )
    return [posting_of(row) for row in await connection.execute(found)]


async def counted_with(connection: AsyncConnection, posting_id: str) -> Sequence[Posting]:
    """The postings whose vacancies are counted with this one's."""
    return [posting_of(row) for row in await connection.execute(select(postings).where(postings.c.duplicate_of == posting_id))]


async def propose(connection: AsyncConnection, one: Posting, other: Posting, found: Likeness, now: datetime) -> bool:
    """Keep a pair, the older first. False: it is known, and may have been decided."""
    first, second = sorted((one.id, other.id))
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = {
        "first_id": first,
        "second_id": second,
        "score": found.score,
        "parts": found.document(),
        "state": PROPOSED,
        "found_at": now,
        "reason": "",
    }
    return (await connection.execute(dialect.insert(pairs).values(row).on_conflict_do_nothing())).rowcount == 1


async def page(connection: AsyncConnection, state: str, limit: int) -> Sequence[Row[Any]]:
    """Up to `limit` pairs in a state, the latest first."""
    rows = select(pairs).where(pairs.c.state == state).order_by(pairs.c.found_at.desc(), pairs.c.first_id, pairs.c.second_id)
    return (await connection.execute(rows.limit(limit))).all()


async def get(connection: AsyncConnection, first_id: str, second_id: str) -> Row[Any] | None:
    """One pair, locked."""
    here = (pairs.c.first_id == first_id) & (pairs.c.second_id == second_id)
    return (await connection.execute(select(pairs).where(here).with_for_update())).one_or_none()


async def decide(connection: AsyncConnection, row: Row[Any], state: str, by: str, reason: str, *, now: datetime) -> None:
    """Keep what was decided about a pair."""
    here = (pairs.c.first_id == row.first_id) & (pairs.c.second_id == row.second_id)
    values = {"state": state, "decided_at": now, "decided_by": by, "reason": reason}
    await connection.execute(update(pairs).where(here).values(values))
