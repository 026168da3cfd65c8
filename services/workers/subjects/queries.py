"""Everything that the workers database holds about one person, opened."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import Row, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.purposes import Purpose
from services.kernel.audit import Entry
from services.kernel.http.auth import Scope
from services.kernel.vault.port import FieldCipher
from services.workers.consents import repository as consents
from services.workers.consents.visibility import visibility
from services.workers.erasures.traces import PERSONAL
from services.workers.households import repository as households
from services.workers.profile import Worker
from services.workers.resources import WorkersService
from services.workers.subjects.schemas import HeldAboutSubject
from services.workers.tables import audit, data_keys, household, idempotency, outbox, worker_versions, workers
from services.workers.tables import consents as consents_table
from services.workers.writing import existing

_TOLD_OTHERWISE = frozenset({workers, worker_versions, consents_table, household.members, data_keys, idempotency, outbox})
"""Tables that `held` tells in clear, and those that hold only keys, or copies on their way."""


async def held(service: WorkersService, scope: Scope, worker_id: str) -> HeldAboutSubject:
    """What is held about a person. It is audited before it is told. Raises WorkerNotFound."""
    async with service.store.write() as connection:
        worker = await existing(service, scope, connection, worker_id)
        key = await service.vault.people.one(connection, worker_id)
        versions = await service.workers.versions(connection, worker_id)
        told = HeldAboutSubject(
            worker_id=worker_id,
            record=_record(worker),
            versions=[_record(one.worker) | {"changed_by": one.changed_by} for one in versions],
            consents=await _consents(connection, worker_id, key),
            visibility=to_jsonable_python(visibility(worker, service.clock.today())),
            household=await _household(service, connection, worker_id),
            others=await _others(connection, worker_id, key),
            looked_at=await _looked_at(service, connection, worker_id),
        )
        await service.audit.record(connection, Entry("subject.exported", worker_id, purpose=Purpose.SUBJECT_REQUEST))
    return told


def _record(worker: Worker) -> dict[str, Any]:
    document: dict[str, Any] = to_jsonable_python(asdict(worker))
    del document["consents"], document["imported_digest"]
    return document


async def _consents(connection: AsyncConnection, worker_id: str, key: FieldCipher) -> list[dict[str, Any]]:
    rows = await consents.recorded(connection, worker_id)
    return [_plain(row, evidence=consents.evidence_of(row, key)) for row in rows.values()]


async def _household(service: WorkersService, connection: AsyncConnection, worker_id: str) -> dict[str, Any] | None:
    """The household and the person's own place in it: the other members are others."""
    found = await households.of_worker(connection, service.vault, worker_id, Scope.everywhere())
    if found is None:
        return None
    (mine,) = (member for member in found.members if member.worker_id == worker_id)
    document: dict[str, Any] = to_jsonable_python(asdict(replace(found, members=(mine,))))
    return document


async def _others(connection: AsyncConnection, worker_id: str, key: FieldCipher) -> Mapping[str, list[dict[str, Any]]]:
    """The person's rows of every other table, what is sealed in them opened."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table, about in PERSONAL.items():
        if table not in _TOLD_OTHERWISE:
            rows = (await connection.execute(select(table).where(about(worker_id)))).all()
            found[table.name] = [_opened(table, row, key) for row in rows]
    return {name: rows for name, rows in found.items() if rows}


def _opened(table: Table, row: Row[Any], key: FieldCipher) -> dict[str, Any]:
    sealed = {name: value for name, value in row._asdict().items() if name.endswith("_sealed") and value is not None}
    opened = {
        name.removesuffix("_sealed"): key.open(value, f"{table.name}.{name.removesuffix('_sealed')}:{row.id}").decode()
        for name, value in sealed.items()
    }
    return _plain(row, **opened)


def _plain(row: Row[Any], **more: Any) -> dict[str, Any]:
    values = {name: value for name, value in row._asdict().items() if not isinstance(value, bytes)}
    document: dict[str, Any] = to_jsonable_python(values | more)
    return document


async def _looked_at(service: WorkersService, connection: AsyncConnection, worker_id: str) -> list[dict[str, Any]]:
    """Who did what with the record, when, and for which purpose."""
    mine = audit.rows.c.subject == service.audit.blind(worker_id)
    columns = [audit.rows.c[name] for name in ("at", "actor", "actor_kind", "deed", "purpose", "fields", "outcome")]
    return [_plain(row) for row in await connection.execute(select(*columns).where(mine).order_by(audit.rows.c.position))]
