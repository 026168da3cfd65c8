"""All SQL about workers' records."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, bindparam, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel import scoping
from services.kernel.audit import actor
from services.kernel.http.auth import Scope
from services.kernel.store.types import UtcDateTime
from services.kernel.vault import ServiceVault
from services.kernel.vault.port import FieldCipher
from services.workers.consents import repository as declarations
from services.workers.profile import State, Worker
from services.workers.rows import blind_number, row_of, worker_of
from services.workers.tables import worker_versions, workers

_IN_A_QUERY: Final = 1000


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


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a record, and who made it."""

    worker: Worker
    changed_by: str


class Workers:
    """The workers table, seen through a vault: everybody's fields under a data key of their own. Every method works in the
    caller's transaction and raises VaultSealed."""

    def __init__(self, vault: ServiceVault) -> None:
        self._vault = vault

    def blind(self, identity_number: str) -> str:
        """What an identity number is found by."""
        return blind_number(self._vault, identity_number)

    async def add(self, connection: AsyncConnection, new: Sequence[Worker]) -> None:
        """Keep new records. Raises IntegrityError when an identity number is registered already."""
        if new:
            keys = await self._vault.people.create(connection, [worker.id for worker in new])
            await connection.execute(insert(workers), [self._row(worker, keys[worker.id]) for worker in new])

    async def change(self, connection: AsyncConnection, changed: Sequence[Worker]) -> None:
        """Keep the records in place of their versions before. Raises IntegrityError when an identity number is taken."""
        if not changed:
            return
        keys = await self._vault.people.load(connection, [worker.id for worker in changed])
        await self._keep_former(connection, changed)
        rows = [self._row(worker, keys[worker.id]) for worker in changed]
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
        for start in range(0, len(blinds), _IN_A_QUERY):
            some = workers.c.identity_number_blind.in_(blinds[start : start + _IN_A_QUERY])
            for row in await connection.execute(select(*columns).where(some).with_for_update()):
                found[row.identity_number_blind] = Held(row.id, State(row.state), row.county_code, row.imported_digest)
        return found

    async def by_ids(self, connection: AsyncConnection, ids: Iterable[str]) -> Mapping[str, Worker]:
        """Id -> record."""
        wanted = list(ids)
        found: dict[str, Worker] = {}
        for start in range(0, len(wanted), _IN_A_QUERY):
            some = workers.c.id.in_(wanted[start : start + _IN_A_QUERY])
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

    async def count(self, connection: AsyncConnection, scope: Scope, wanted: Filter) -> int:
        """How many records in scope there are."""
        counted = select(func.count()).select_from(workers).where(reachable(scope), *_conditions(wanted))
        return int(await connection.scalar(counted) or 0)

    async def versions(self, connection: AsyncConnection, worker_id: str) -> Sequence[Version]:
        """The versions of a record, the newest first. Whether it is in scope is for the caller to have asked (`get`)."""
        key = await self._vault.people.one(connection, worker_id)
        found = [
            Version(worker_of(row, key), row.changed_by)
            for table in (workers, worker_versions)
            for row in await connection.execute(select(table).where(table.c.id == worker_id))
        ]
        return sorted(found, key=lambda version: -version.worker.version)

    async def in_travel_group(self, connection: AsyncConnection, group_id: str) -> Sequence[Worker]:
        """The members of a group, in the order of their ids, in scope or not."""
        mine = select(workers).where(workers.c.travel_group_id == group_id).order_by(workers.c.id)
        return await self._opened(connection, mine)

    async def _keep_former(self, connection: AsyncConnection, changed: Sequence[Worker]) -> None:
        """Copy the rows that new versions take the place of; what changes without a new version leaves none."""
        former: defaultdict[tuple[int, datetime], list[str]] = defaultdict(list)
        for worker in changed:
            former[worker.version - 1, worker.changed_at].append(worker.id)
        for (version, moment), ids in former.items():
            for start in range(0, len(ids), _IN_A_QUERY):
                # Not pairs of id and version: SQLite looks at every row for those.
                some = (workers.c.id.in_(ids[start : start + _IN_A_QUERY]), workers.c.version == version)
                rows = select(*workers.c, literal(moment, UtcDateTime)).where(*some)
                await connection.execute(insert(worker_versions).from_select([*worker_versions.c], rows))

    async def _only(self, connection: AsyncConnection, statement: Select[Any]) -> Worker | None:
        found = await self._opened(connection, statement)
        return found[0] if found else None

    async def _opened(self, connection: AsyncConnection, statement: Select[Any]) -> list[Worker]:
        rows = (await connection.execute(statement)).all()
        keys = await self._vault.people.load(connection, [row.id for row in rows])
        declared = await declarations.of_workers(connection, [row.id for row in rows])
        return [worker_of(row, keys[row.id], declared.get(row.id, ())) for row in rows]

    def _row(self, worker: Worker, key: FieldCipher) -> dict[str, Any]:
        return row_of(worker, key, self._vault, actor.present().id)


def reachable(scope: Scope) -> ColumnElement[bool]:
    """The condition that a worker's record is in scope."""
    return scoping.residents(scope, workers.c.county_code)


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    asked = {"number": wanted.number, "county_code": wanted.county_code, "state": wanted.state and wanted.state.value}
    return [workers.c[name] == value for name, value in asked.items() if value is not None]
