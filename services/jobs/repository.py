"""All SQL of postings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, bindparam, func, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.events import PostingWords
from services.contracts.postings import Cooperation, PostingTerms
from services.jobs.opening import Opening
from services.jobs.posting import OPEN, Posting, Status
from services.jobs.tables import postings
from services.jobs.verdict import Verdict
from services.kernel import scoping
from services.kernel.errors import VersionMismatch
from services.kernel.http.auth import Scope

_MODELS: Final = ("words", "terms", "cooperation")
_OPENING: Final = tuple(field.name for field in fields(Opening) if field.name not in _MODELS)
_LIFE: Final = tuple(field.name for field in fields(Posting) if field.name not in {"opening", "verdict"})
_KEYS_A_QUERY: Final = 400  # SQLite takes 32,766 parameters, PostgreSQL 65,535; two a key

_PLACE: Final = func.coalesce(postings.c.district_code, postings.c.city_code, postings.c.province_code)
_SHOWN: Final = and_(postings.c.status.in_(list(map(str, OPEN))), postings.c.hidden.is_(False), postings.c.sandbox.is_(False))

EmployersOwn = tuple[str, str]
"""Employer's key, and what a posting is known by within it."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which postings a list shows; None does not ask. `open_on`: published and not expired on that day."""

    number: str | None = None
    status: Status | None = None
    kind: str | None = None
    employer_id: str | None = None
    external_reference: str | None = None
    province_code: str | None = None
    city_code: str | None = None
    district_code: str | None = None
    open_on: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change: `before` None is a new posting, then `known_by` is what it is known by within its employer (None: by
    nothing but its id)."""

    before: Posting | None
    after: Posting
    known_by: str | None = None

    @property
    def versioned(self) -> bool:
        """Whether there is something to tell: a row taken again only notes that it was."""
        return self.before is None or self.after.version > self.before.version


def _values(posting: Posting) -> dict[str, Any]:
    opening = posting.opening
    return {
        **{name: getattr(posting, name) for name in _LIFE},
        **{name: getattr(opening, name) for name in _OPENING},
        "status": str(posting.status),
        "employer_key": opening.employer_key,
        "words": opening.words.model_dump(),
        "terms": opening.terms.model_dump(mode="json", exclude_defaults=True),
        "cooperation": opening.cooperation and opening.cooperation.model_dump(mode="json"),
        "findings": posting.verdict.document(),
    }


def posting_of(row: Row[Any]) -> Posting:
    """The posting in a row of its table."""
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    opening = Opening(
        words=PostingWords(**values["words"]),
        terms=PostingTerms.model_validate(values["terms"]),
        cooperation=Cooperation.model_validate(values["cooperation"]) if values["cooperation"] else None,
        **{name: values[name] for name in _OPENING},
    )
    life = {name: values[name] for name in _LIFE} | {"status": Status(values["status"])}
    return Posting(opening=opening, verdict=Verdict.kept(values["findings"]), **life)


async def keep(connection: AsyncConnection, changes: Iterable[Change]) -> None:
    """Keep new postings, and the newer of each pair in place of the older.

    Raises VersionMismatch when somebody was faster, IntegrityError when an employer's number or reference is taken."""
    statement = update(postings).where(postings.c.id == bindparam("known_id"), postings.c.version == bindparam("known_version"))
    new = []
    for change in changes:
        before, after, values = change.before, change.after, _values(change.after)
        if before is None:
            new.append(values | {"known_by": change.known_by})
            continue
        if after.imported_digest is not None:  # the sheet goes on knowing it by what the sheet calls it
            del values["employer_key"]
        elif after.opening.number != before.opening.number:
            values["known_by"] = after.opening.number or None
        result = await connection.execute(statement.values(**values), {"known_id": before.id, "known_version": before.version})
        if result.rowcount != 1:
            raise VersionMismatch()
    if new:
        await connection.execute(insert(postings), new)


def readable(scope: Scope) -> ColumnElement[bool]:
    """The condition that a posting may be read."""
    return scoping.readable(scope, _SHOWN, postings.c.employer_id, _PLACE)


def writable(scope: Scope) -> ColumnElement[bool]:
    """The condition that a posting may be changed."""
    return scoping.writable(scope, postings.c.employer_id, _PLACE)


async def get(connection: AsyncConnection, posting_id: str, in_scope: ColumnElement[bool]) -> Posting | None:
    """The posting of this id, if it is `readable` or `writable`."""
    found = await connection.execute(select(postings).where(postings.c.id == posting_id, in_scope))
    row = found.one_or_none()
    return posting_of(row) if row is not None else None


async def some(connection: AsyncConnection, ids: Sequence[str]) -> Mapping[str, Posting]:
    """The postings of these ids."""
    return {row.id: posting_of(row) for row in await connection.execute(select(postings).where(postings.c.id.in_(ids)))}


async def by_employers_own(connection: AsyncConnection, keys: Iterable[EmployersOwn]) -> Mapping[EmployersOwn, Posting]:
    """The postings that these rows of sheets became before, locked until the transaction ends."""
    columns = tuple_(postings.c.employer_key, postings.c.known_by)
    return {(row.employer_key, row.known_by): posting_of(row) for row in await _locked(connection, columns, list(keys))}


async def by_reference(connection: AsyncConnection, employer_id: str, references: Iterable[str]) -> Mapping[str, Posting]:
    """An employer's postings of these external references, locked until the transaction ends."""
    columns = tuple_(postings.c.employer_id, postings.c.external_reference)
    wanted = [(employer_id, reference) for reference in references]
    return {row.external_reference: posting_of(row) for row in await _locked(connection, columns, wanted)}


async def _locked(connection: AsyncConnection, columns: Any, wanted: Sequence[EmployersOwn]) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for start in range(0, len(wanted), _KEYS_A_QUERY):
        several = columns.in_(wanted[start : start + _KEYS_A_QUERY])
        # In one order, so that two who lock the same rows wait for each other instead of blocking each other.
        found += await connection.execute(select(postings).where(several).order_by(postings.c.id).with_for_update())
    return found


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    plain = [field.name for field in fields(Filter) if field.name != "open_on"]
    asked = {name: value for name in plain if (value := getattr(wanted, name)) is not None}
    conditions = [postings.c[name] == str(value) for name, value in asked.items()]
    if wanted.open_on is not None:
        lasting = or_(postings.c.valid_until.is_(None), postings.c.valid_until >= wanted.open_on)
        conditions.append(and_(_SHOWN, lasting))
    return conditions


async def page(
    connection: AsyncConnection, scope: Scope, wanted: Filter, before_id: str | None, limit: int
) -> Sequence[Posting]:
    """Up to `limit` readable postings, newest first, after the one with id `before_id`."""
    statement = select(postings).where(readable(scope), *_conditions(wanted)).order_by(postings.c.id.desc()).limit(limit)
    if before_id is not None:
        statement = statement.where(postings.c.id < before_id)
    return [posting_of(row) for row in await connection.execute(statement)]


async def told_after(connection: AsyncConnection, after_id: str, limit: int) -> Sequence[Posting]:
    """Up to `limit` postings that others were told of, in the order of their ids, locked; with the withdrawn."""
    told = postings.c.published_on.is_not(None) & postings.c.sandbox.is_(False) & (postings.c.id > after_id)
    statement = select(postings).where(told).order_by(postings.c.id).limit(limit)
    return [posting_of(row) for row in await connection.execute(statement.with_for_update())]


async def public_after(connection: AsyncConnection, today: date, after_id: str, limit: int) -> Sequence[Posting]:
    """Up to `limit` postings that everybody may see on that day, in the order of their ids."""
    seen = _conditions(Filter(status=Status.PUBLISHED, open_on=today))
    rows = select(postings).where(*seen, postings.c.id > after_id).order_by(postings.c.id).limit(limit)
    return [posting_of(row) for row in await connection.execute(rows)]


async def live(connection: AsyncConnection, scope: Scope) -> int:
    """How many readable postings are not withdrawn."""
    counted = select(func.count()).select_from(postings).where(readable(scope), postings.c.status != str(Status.WITHDRAWN))
    return int(await connection.scalar(counted) or 0)


async def vacancies(connection: AsyncConnection, scope: Scope, today: date) -> int:
    """How many people the readable open postings look for; what is offered twice counts once."""
    once = select(func.sum(postings.c.headcount)).where(
        readable(scope), *_conditions(Filter(open_on=today)), postings.c.duplicate_of.is_(None)
    )
    return int(await connection.scalar(once) or 0)


async def of_employer(connection: AsyncConnection, employer_id: str, after_id: str, limit: int) -> Sequence[Posting]:
    """Up to `limit` of an employer's postings that are not withdrawn, by id after `after_id`, locked."""
    mine = (postings.c.employer_id == employer_id) & (postings.c.id > after_id) & (postings.c.status != str(Status.WITHDRAWN))
    rows = await connection.execute(select(postings).where(mine).order_by(postings.c.id).limit(limit).with_for_update())
    return [posting_of(row) for row in rows]


async def due(connection: AsyncConnection, today: date, limit: int) -> Sequence[Posting]:
    """Up to `limit` postings whose last day or priority window is over, locked; what another process has locked is its own."""
    lasting = [str(status) for status in (*OPEN, Status.PAUSED, Status.SUBMITTED)]
    ended = postings.c.status.in_(lasting) & (postings.c.valid_until < today)
    opened = (postings.c.status == str(Status.RESTRICTED)) & (postings.c.priority_until < today)
    rows = select(postings).where(or_(ended, opened)).order_by(postings.c.id).limit(limit)
    return [posting_of(row) for row in await connection.execute(rows.with_for_update(skip_locked=True))]
