"""All SQL of employers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, insert, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from services.jobs.employers.employer import Employer, Profile, Standing, Verification
from services.jobs.employers.tables import employer_contacts, employers
from services.kernel.errors import VersionMismatch
from services.kernel.http.auth import Scope
from services.kernel.ids import new_id

ID_PREFIX: Final = "e"
_PROFILE: Final = tuple(field.name for field in fields(Profile))
_OWN: Final = tuple(field.name for field in fields(Employer) if field.name not in {"profile", "verification"})


@dataclass(frozen=True, slots=True)
class Filter:
    """Which employers a list shows; None does not ask. `name`: part of it."""

    name: str | None = None
    uscc: str | None = None
    kind: str | None = None
    standing: Standing | None = None
    verified: bool | None = None


def _values(employer: Employer) -> dict[str, Any]:
    seen = employer.verification
    return {
        **{name: getattr(employer, name) for name in _OWN},
        **{name: getattr(employer.profile, name) for name in _PROFILE},
        "key": employer.profile.key,
        "standing": str(employer.standing),
        "verified_at": seen and seen.at,
        "verified_by": seen and seen.by,
        "verified_documents": list(seen.documents) if seen else [],
    }


def _employer(row: Row[Any]) -> Employer:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    own = {name: values[name] for name in _OWN} | {"standing": Standing(values["standing"])}
    seen = values["verified_at"]
    verification = Verification(values["verified_by"], seen, tuple(values["verified_documents"])) if seen else None
    return Employer(profile=Profile(**{name: values[name] for name in _PROFILE}), verification=verification, **own)


def reachable(scope: Scope) -> ColumnElement[bool]:
    """The condition that an employer may be read or changed: an employer's principal reaches itself alone."""
    return employers.c.id == scope.employer_id if scope.employer_id is not None else true()


async def get(
    connection: AsyncConnection, employer_id: str, in_scope: ColumnElement[bool] | None = None, *, lock: bool = False
) -> Employer | None:
    """The employer of this id, if it is in scope; `lock`: held until the transaction ends."""
    wanted = select(employers).where(employers.c.id == employer_id)
    wanted = wanted if in_scope is None else wanted.where(in_scope)
    row = (await connection.execute(wanted.with_for_update() if lock else wanted)).one_or_none()
    return _employer(row) if row is not None else None


async def add(connection: AsyncConnection, employer: Employer) -> None:
    """Keep a new employer. Raises IntegrityError when its name or code is registered already."""
    await connection.execute(insert(employers).values(_values(employer)))


async def change(connection: AsyncConnection, before: Employer, after: Employer) -> None:
    """Keep the second in place of the first. Raises VersionMismatch, IntegrityError."""
    here = (employers.c.id == before.id) & (employers.c.version == before.version)
    result = await connection.execute(update(employers).where(here).values(_values(after)))
    if result.rowcount != 1:
        raise VersionMismatch()


async def mentioned(connection: AsyncConnection, profiles: Collection[Profile], now: datetime) -> Mapping[str, Employer]:
    """The employers of these names by their key, or else of their code; who is not known yet is kept as mentioned."""
    found = await _known(connection, profiles)
    new = {profile.key: profile for profile in profiles if profile.key not in found}
    if not new:
        return found
    rows = [_values(Employer.mentioned(new_id(ID_PREFIX), profile, now)) for profile in new.values()]
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    # Somebody may mention the same name or code at the same time: theirs stands, and is read below.
    await connection.execute(dialect.insert(employers).on_conflict_do_nothing(), rows)
    return {**found, **await _known(connection, list(new.values()))}


async def _known(connection: AsyncConnection, profiles: Collection[Profile]) -> dict[str, Employer]:
    found = await _by_key(connection, {profile.key for profile in profiles})
    coded = {profile.uscc: profile.key for profile in profiles if profile.uscc and profile.key not in found}
    if coded:
        several = select(employers).where(employers.c.uscc.in_(sorted(coded)))
        found |= {coded[row.uscc]: _employer(row) for row in await connection.execute(several)}
    return found


async def _by_key(connection: AsyncConnection, keys: Collection[str]) -> dict[str, Employer]:
    found: dict[str, Employer] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), 1000):
        some = select(employers).where(employers.c.key.in_(wanted[start : start + 1000]))
        found |= {row.key: _employer(row) for row in await connection.execute(some)}
    return found


async def mentioned_only(connection: AsyncConnection, key: str) -> Employer | None:
    """The employer of this key that gave no particulars yet, locked; None when it is unknown or registered."""
    bare = (employers.c.key == key) & employers.c.uscc.is_(None) & employers.c.sandbox.is_(False)
    row = (await connection.execute(select(employers).where(bare).with_for_update())).one_or_none()
    return _employer(row) if row is not None else None


async def page(
    connection: AsyncConnection, in_scope: ColumnElement[bool], wanted: Filter, before_id: str | None, limit: int
) -> Sequence[Employer]:
    """Up to `limit` employers, newest first, after the one with id `before_id`."""
    asked = {"uscc": wanted.uscc, "kind": wanted.kind, "standing": wanted.standing and str(wanted.standing)}
    statement = select(employers).where(in_scope, *(employers.c[name] == value for name, value in asked.items() if value))
    if wanted.name:
        statement = statement.where(employers.c.name.contains(wanted.name, autoescape=True))
    if wanted.verified is not None:
        statement = statement.where(employers.c.verified_at.is_not(None) == wanted.verified)
    if before_id is not None:
        statement = statement.where(employers.c.id < before_id)
    rows = await connection.execute(statement.order_by(employers.c.id.desc()).limit(limit))
    return [_employer(row) for row in rows]


async def listed_until_before(connection: AsyncConnection, day: date, limit: int) -> Sequence[Employer]:
    """Up to `limit` employers whose time on the blacklist ended before that day, locked."""
    over = select(employers).where(employers.c.blacklisted_until < day).order_by(employers.c.id).limit(limit)
    return [_employer(row) for row in await connection.execute(over.with_for_update(skip_locked=True))]


async def sealed_contacts(connection: AsyncConnection, employer_id: str) -> bytes | None:
    """The contacts as they are kept."""
    table = employer_contacts
    sealed: bytes | None = await connection.scalar(select(table.c.sealed).where(table.c.employer_id == employer_id))
    return sealed


async def keep_contacts(connection: AsyncConnection, employer_id: str, sealed: bytes) -> None:
    """The contacts in place of those before."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = {"employer_id": employer_id, "sealed": sealed}
    statement = dialect.insert(employer_contacts).values(row)
    await connection.execute(statement.on_conflict_do_update(index_elements=["employer_id"], set_={"sealed": sealed}))
