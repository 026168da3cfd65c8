"""All SQL of the workers service. The only place where identifiers are sealed and opened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, Select, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel import scoping
from services.kernel.http.auth import Scope
from services.kernel.vault import ServiceVault
from services.kernel.vault.port import FieldCipher
from services.workers.profile import OwnWords, Profile, State, Worker, said
from services.workers.stated import Stated
from services.workers.tables import workers

_TIDY: Final = (
    "county_code",
    "number",
    "township",
    "household_category",
    "relocated",
    "education",
    "mandarin",
    "employment_status",
    "willingness",
    "ethnicity",
    "intention_confirmed_on",
)
_LIFE: Final = (
    "id",
    "version",
    "basis",
    "source",
    "imported_digest",
    "registered_at",
    "changed_at",
    "withdrawn_at",
    "withdrawal_reason",
)
_BLINDS_A_QUERY: Final = 1000
_STATED: Final = TypeAdapter(Stated)
_NOTHING_STATED: Final = Stated()


@dataclass(frozen=True, slots=True)
class Filter:
    """Which workers a list shows; None does not ask."""

    number: str | None = None
    county_code: str | None = None
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """As much of a record as an import needs to see that nothing is new."""

    id: str
    state: State
    county_code: str
    imported_digest: str | None


class Workers:
    """The workers table, seen through a vault: everybody's fields under a data key of their own. Every method works in the
    caller's transaction and raises VaultSealed."""

    def __init__(self, vault: ServiceVault) -> None:
        self._vault = vault

    def blind(self, identity_number: str) -> str:
        """What an identity number is found by."""
        return self._vault.blind(identity_number, "workers.identity_number")

    async def add(self, connection: AsyncConnection, new: Sequence[Worker]) -> None:
        """Keep new records. Raises IntegrityError when an identity number is registered already."""
        if new:
            keys = await self._vault.people.create(connection, [worker.id for worker in new])
            await connection.execute(insert(workers), [self._values(worker, keys[worker.id]) for worker in new])

    async def change(self, connection: AsyncConnection, changed: Sequence[Worker]) -> None:
        """Keep the records in place of their versions before. Raises IntegrityError when an identity number is taken."""
        if not changed:
            return
        keys = await self._vault.people.load(connection, [worker.id for worker in changed])
        rows = [self._values(worker, keys[worker.id]) for worker in changed]
        values: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "id"}
        statement = update(workers).where(workers.c.id == bindparam("known_id")).values(values)
        await connection.execute(statement, [{**row, "known_id": row.pop("id")} for row in rows])

    async def get(self, connection: AsyncConnection, worker_id: str, scope: Scope, *, lock: bool = False) -> Worker | None:
        """The record of this id, if it is in scope; `lock` keeps it ours for the rest of a writing transaction."""
        statement = select(workers).where(workers.c.id == worker_id, reachable(scope))
        return await self._only(connection, statement.with_for_update() if lock else statement)

    async def by_identity_number(self, connection: AsyncConnection, identity_number: str) -> Worker | None:
        """The record of the holder of this number, locked for the rest of the (writing) transaction."""
        mine = workers.c.identity_number_blind == self.blind(identity_number)
        return await self._only(connection, select(workers).where(mine).with_for_update())

    async def held(self, connection: AsyncConnection, blinds: Sequence[str]) -> Mapping[str, Held]:
        """Blind index -> what is held of those people, locked for the rest of the (writing) transaction."""
        columns = (
            workers.c.identity_number_blind,
            workers.c.id,
            workers.c.state,
            workers.c.county_code,
            workers.c.imported_digest,
        )
        found: dict[str, Held] = {}
        for start in range(0, len(blinds), _BLINDS_A_QUERY):
            some = workers.c.identity_number_blind.in_(blinds[start : start + _BLINDS_A_QUERY])
            for row in await connection.execute(select(*columns).where(some).with_for_update()):
                found[row.identity_number_blind] = Held(row.id, State(row.state), row.county_code, row.imported_digest)
        return found

    async def by_ids(self, connection: AsyncConnection, ids: Iterable[str]) -> Mapping[str, Worker]:
        """Id -> record."""
        wanted = list(ids)
        found: dict[str, Worker] = {}
        for start in range(0, len(wanted), _BLINDS_A_QUERY):
            some = workers.c.id.in_(wanted[start : start + _BLINDS_A_QUERY])
            found |= {worker.id: worker for worker in await self._opened(connection, select(workers).where(some))}
        return found

    async def page(
        self, connection: AsyncConnection, scope: Scope, wanted: Filter, before_id: str | None, limit: int
    ) -> Sequence[Worker]:
        """Up to `limit` records in scope, newest first, after the one with id `before_id`."""
        statement = select(workers).where(reachable(scope), *_conditions(wanted)).order_by(workers.c.id.desc()).limit(limit)
        if before_id is not None:
            statement = statement.where(workers.c.id < before_id)
        return await self._opened(connection, statement)

    async def locked_after(self, connection: AsyncConnection, after_id: str, limit: int) -> Sequence[Worker]:
        """Up to `limit` records in the order of their ids, locked for the transaction; with the withdrawn."""
        statement = select(workers).where(workers.c.id > after_id).order_by(workers.c.id).limit(limit)
        return await self._opened(connection, statement.with_for_update())

    async def count(self, connection: AsyncConnection, scope: Scope, state: State) -> int:
        """How many records in scope are in that state."""
        counted = select(func.count()).select_from(workers).where(reachable(scope), workers.c.state == state.value)
        return int(await connection.scalar(counted) or 0)

    async def _only(self, connection: AsyncConnection, statement: Select[Any]) -> Worker | None:
        found = await self._opened(connection, statement)
        return found[0] if found else None

    async def _opened(self, connection: AsyncConnection, statement: Select[Any]) -> list[Worker]:
        rows = (await connection.execute(statement)).all()
        keys = await self._vault.people.load(connection, [row.id for row in rows])
        return [_worker(row, keys[row.id]) for row in rows]

    def _values(self, worker: Worker, key: FieldCipher) -> dict[str, Any]:
        profile, facts, vault = worker.profile, worker.profile.identity, self._vault
        return {
            **{name: getattr(worker, name) for name in _LIFE},
            **{name: getattr(profile, name) for name in _TIDY},
            "state": worker.state.value,
            **_sealed(worker, key),
            "identity_number_blind": self.blind(profile.identity_number),
            "phone_blind": vault.blind(profile.phone, "workers.phone") if profile.phone else None,
            "sex": facts.sex,
            "birth_date": facts.birth_date,
        }


def _sealed(worker: Worker, key: FieldCipher) -> dict[str, bytes | None]:
    profile = worker.profile
    nothing_stated = profile.stated == _NOTHING_STATED
    plain = {
        "name": profile.name.encode(),
        "identity_number": profile.identity_number.encode(),
        "phone": profile.phone.encode() or None,
        "words": orjson.dumps(said(profile.words)),
        "stated": None if nothing_stated else _STATED.dump_json(profile.stated, exclude_defaults=True),
    }
    return {
        f"{column}_sealed": None if text is None else key.seal(text, _place(column, worker.id))
        for column, text in plain.items()
    }


def _worker(row: Row[Any], key: FieldCipher) -> Worker:
    def opened(column: str) -> str:
        sealed: bytes | None = getattr(row, f"{column}_sealed")
        return key.open(sealed, _place(column, row.id)).decode() if sealed is not None else ""

    profile = Profile(
        name=opened("name"),
        identity_number=opened("identity_number"),
        phone=opened("phone"),
        words=OwnWords(**orjson.loads(opened("words"))),
        stated=_STATED.validate_json(stated) if (stated := opened("stated")) else _NOTHING_STATED,
        **{name: getattr(row, name) for name in _TIDY},
    )
    return Worker(profile=profile, state=State(row.state), **{name: getattr(row, name) for name in _LIFE})


def reachable(scope: Scope) -> ColumnElement[bool]:
    """The condition that a worker's record is in scope."""
    return scoping.residents(scope, workers.c.county_code)


def _place(column: str, worker_id: str) -> str:
    return f"workers.{column}:{worker_id}"


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    asked = {"number": wanted.number, "county_code": wanted.county_code, "state": wanted.state and wanted.state.value}
    return [workers.c[name] == value for name, value in asked.items() if value is not None]
