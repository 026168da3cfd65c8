"""What reads how workers are followed up."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.vocabulary import codes, divisions
from services.kernel.audit import Entry
from services.kernel.http.auth import Scope
from services.kernel.http.paging import Page
from services.workers import queries as records
from services.workers.cadres import repository as cadres
from services.workers.followups import due, repository
from services.workers.followups.due import Wanted
from services.workers.followups.followup import UNTOUCHED, FollowUp
from services.workers.followups.repository import Recorded
from services.workers.followups.schemas import ContactView, FollowUpView, Overdue, OverdueReport, Stale, StaleReport, Task
from services.workers.resources import WorkersService
from services.workers.schemas import WorkerSummary


async def followup(service: WorkersService, scope: Scope, worker_id: str) -> FollowUpView:
    """How a worker is followed up, with the contacts. Audited: notes tell of health and family. Raises WorkerNotFound."""
    await records.worker(service, scope, worker_id)
    async with service.store.write() as connection:
        found = await view(service, connection, worker_id)
        await service.audit.record(connection, Entry("worker.read", worker_id, ("contacts",)))
    return found


async def view(service: WorkersService, connection: AsyncConnection, worker_id: str) -> FollowUpView:
    """The same, for who has asked whether the worker is in scope."""
    state = await repository.get(connection, worker_id) or FollowUp(worker_id)
    key = await service.vault.people.one(connection, worker_id)
    names = await cadres.names(connection, service.vault, [state.cadre_id] if state.cadre_id else [])
    return FollowUpView(
        worker_id=worker_id,
        status=state.status,
        status_name=codes.FOLLOWUP_STATUS.label(state.status),
        cadre_id=state.cadre_id,
        cadre_name=names.get(state.cadre_id or "", ""),
        last_contact_on=state.last_contact_on,
        next_on=state.next_on,
        overdue_days=state.overdue_days(service.clock.today()),
        misses=state.misses,
        contacts=[_contact(one) for one in await repository.contacts(connection, worker_id, key)],
    )


async def tasks(service: WorkersService, scope: Scope, wanted: Wanted, cursor: str | None, limit: int) -> Page[Task]:
    """A page of those to be contacted, due longest first. Raises BadRequest (bad_cursor)."""
    asked = (wanted.on.isoformat(), ",".join(wanted.reasons), wanted.county_code, wanted.township, wanted.cadre_id)
    query = {"list": "tasks", "wanted": repr((*asked, wanted.stale_days))}
    after = service.cursors.decode(cursor, query) if cursor is not None else None
    position = (str(after[0]), str(after[1])) if after is not None else None
    async with service.store.read() as connection:
        rows = (await connection.execute(due.tasks(scope, wanted, position, limit + 1))).all()
        shown = rows[:limit]
        held = await service.workers.by_ids(connection, [row.id for row in shown])
    today = service.clock.today()
    items = [
        Task(
            worker=WorkerSummary.of(held[row.id], today),
            status=row.status or UNTOUCHED,
            status_name=codes.FOLLOWUP_STATUS.label(row.status or UNTOUCHED),
            cadre_id=row.cadre_id,
            last_contact_on=row.last_contact_on,
            next_on=row.next_on,
            misses=row.misses or 0,
            reasons=list(due.reasons(row, wanted)),
        )
        for row in shown
    ]
    following = service.cursors.encode([shown[-1].due.isoformat(), shown[-1].id], query) if len(rows) > limit else None
    return Page[Task](items=items, next_cursor=following)


async def overdue(service: WorkersService, scope: Scope, wanted: Wanted) -> OverdueReport:
    """What is overdue, by township and responsible person."""
    async with service.store.read() as connection:
        rows = await due.overdue(connection, scope, wanted)
        items = [Overdue(**row) for row in await _named(service, connection, rows)]
    return OverdueReport(on=wanted.on, total=sum(item.overdue for item in items), items=items)


async def stale(service: WorkersService, scope: Scope, wanted: Wanted) -> StaleReport:
    """Whose intentions are stale, by township and responsible person."""
    async with service.store.read() as connection:
        rows = await due.stale_intentions(connection, scope, wanted)
        items = [Stale(**row) for row in await _named(service, connection, rows)]
    return StaleReport(on=wanted.on, stale_days=wanted.stale_days, total=sum(item.stale for item in items), items=items)


async def _named(service: WorkersService, connection: AsyncConnection, rows: Sequence[Row[Any]]) -> Sequence[Mapping[str, Any]]:
    """Rows of a report with the names of counties and cadres."""
    names = await cadres.names(connection, service.vault, [row.cadre_id for row in rows if row.cadre_id])
    known = divisions.load()
    return [
        row._asdict() | {"county_name": known.full_name(row.county_code), "cadre_name": names.get(row.cadre_id or "", "")}
        for row in rows
    ]


def _contact(one: Recorded) -> ContactView:
    made = one.contact
    return ContactView(
        id=made.id,
        on=made.on,
        channel=made.channel,
        outcome=made.outcome,
        outcome_name=codes.FOLLOWUP_STATUS.label(made.outcome),
        note=made.note,
        next_on=made.next_on,
        made_by=made.by,
        recorded_by=one.recorded_by,
        recorded_at=one.recorded_at,
    )
