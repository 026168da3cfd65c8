"""All SQL of the jobs service."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, bindparam, func, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.events import PostingWords
from services.contracts.topics import JOB_POSTINGS
from services.jobs import events
from services.jobs.posting import Opening, Posting, Status
from services.jobs.tables import outbox, postings
from services.kernel import scoping
from services.kernel.errors import VersionMismatch
from services.kernel.http.auth import Scope
from services.kernel.outbox import append

_OPENING: Final = tuple(field.name for field in fields(Opening) if field.name != "words")
_LIFE: Final = tuple(field.name for field in fields(Posting) if field.name != "opening")
_KEYS_A_QUERY: Final = 400  # SQLite takes 32,766 parameters, PostgreSQL 65,535; two a key

_PLACE: Final = func.coalesce(postings.c.district_code, postings.c.city_code, postings.c.province_code)
_PUBLISHED: Final = postings.c.status == str(Status.PUBLISHED)

EmployersOwn = tuple[str, str]
"""Employer's key, and what a posting is known by within it."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which postings a list shows; None does not ask. `open_on`: published and not expired on that day."""

    number: str | None = None
    status: Status | None = None
    province_code: str | None = None
    city_code: str | None = None
    district_code: str | None = None
    open_on: date | None = None


def _values(posting: Posting) -> dict[str, Any]:
    opening = posting.opening
    return {
        **{name: getattr(posting, name) for name in _LIFE},
        **{name: getattr(opening, name) for name in _OPENING},
        "status": str(posting.status),
        "employer_key": opening.employer_key,
        "words": opening.words.model_dump(),
    }


def _posting(row: Row[Any]) -> Posting:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    opening = Opening(words=PostingWords(**values["words"]), **{name: values[name] for name in _OPENING})
    life = {name: values[name] for name in _LIFE} | {"status": Status(values["status"])}
    return Posting(opening=opening, **life)


async def add(connection: AsyncConnection, new: Iterable[tuple[Posting, str | None]]) -> None:
    """Keep new postings, each with what it is known by within its employer (None: by nothing but its id).

    Raises IntegrityError when an employer has such a posting already."""
    rows = [_values(posting) | {"known_by": known_by} for posting, known_by in new]
    if rows:
        await connection.execute(insert(postings), rows)


async def tell(connection: AsyncConnection, changed: Iterable[Posting], now: datetime) -> None:
    """Put the present versions into the outbox."""
    await append(connection, outbox, JOB_POSTINGS, *(events.envelope(posting, now) for posting in changed))


async def change(connection: AsyncConnection, changed: Sequence[tuple[Posting, Posting]]) -> None:
    """Keep the second of each pair in place of the first. Raises VersionMismatch when somebody was faster, IntegrityError
    when an employer's number is taken."""
    statement = update(postings).where(postings.c.id == bindparam("known_id"), postings.c.version == bindparam("known_version"))
    for before, after in changed:
        values = _values(after)
        if after.imported_digest is not None:  # the sheet goes on knowing it by what the sheet calls it
            del values["employer_key"]
        elif after.opening.number != before.opening.number:
            values["known_by"] = after.opening.number or None
        result = await connection.execute(statement.values(**values), {"known_id": before.id, "known_version": before.version})
        if result.rowcount != 1:
            raise VersionMismatch()


def readable(scope: Scope) -> ColumnElement[bool]:
    """The condition that a posting may be read."""
    return scoping.readable(scope, _PUBLISHED, postings.c.employer_id, _PLACE)


def writable(scope: Scope) -> ColumnElement[bool]:
    """The condition that a posting may be changed."""
    return scoping.writable(scope, postings.c.employer_id, _PLACE)


async def get(connection: AsyncConnection, posting_id: str, in_scope: ColumnElement[bool]) -> Posting | None:
    """The posting of this id, if it is `readable` or `writable`."""
    found = await connection.execute(select(postings).where(postings.c.id == posting_id, in_scope))
    row = found.one_or_none()
    return _posting(row) if row is not None else None


async def by_employers_own(connection: AsyncConnection, keys: Iterable[EmployersOwn]) -> Mapping[EmployersOwn, Posting]:
    """The postings that these rows of sheets became before, locked until the transaction ends."""
    wanted = list(keys)
    found: dict[EmployersOwn, Posting] = {}
    columns = tuple_(postings.c.employer_key, postings.c.known_by)
    for start in range(0, len(wanted), _KEYS_A_QUERY):
        some = wanted[start : start + _KEYS_A_QUERY]
        for row in await connection.execute(select(postings).where(columns.in_(some)).with_for_update()):
            found[row.employer_key, row.known_by] = _posting(row)
    return found


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    asked = {
        "number": wanted.number,
        "status": wanted.status and str(wanted.status),
        "province_code": wanted.province_code,
        "city_code": wanted.city_code,
        "district_code": wanted.district_code,
    }
    conditions = [postings.c[name] == value for name, value in asked.items() if value is not None]
    if wanted.open_on is not None:
        lasting = or_(postings.c.valid_until.is_(None), postings.c.valid_until >= wanted.open_on)
        conditions.append(and_(_PUBLISHED, lasting))
    return conditions


async def page(
    connection: AsyncConnection, scope: Scope, wanted: Filter, before_id: str | None, limit: int
) -> Sequence[Posting]:
    """Up to `limit` readable postings, newest first, after the one with id `before_id`."""
    statement = select(postings).where(readable(scope), *_conditions(wanted)).order_by(postings.c.id.desc()).limit(limit)
    if before_id is not None:
        statement = statement.where(postings.c.id < before_id)
    return [_posting(row) for row in await connection.execute(statement)]


async def locked_after(connection: AsyncConnection, after_id: str, limit: int) -> Sequence[Posting]:
    """Up to `limit` postings in the order of their ids, locked for the transaction; with the withdrawn."""
    statement = select(postings).where(postings.c.id > after_id).order_by(postings.c.id).limit(limit)
    return [_posting(row) for row in await connection.execute(statement.with_for_update())]


async def live(connection: AsyncConnection, scope: Scope) -> int:
    """How many readable postings are not withdrawn."""
    counted = select(func.count()).select_from(postings).where(readable(scope), _PUBLISHED)
    return int(await connection.scalar(counted) or 0)
