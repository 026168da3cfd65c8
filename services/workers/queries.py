"""What reads workers. Who reads one person's record is audited before it is shown."""

from services.kernel.audit import Entry
from services.kernel.http.auth import Scope
from services.kernel.http.paging import Page
from services.kernel.outbox import unpublished
from services.workers.errors import WorkerNotFound
from services.workers.profile import State, Worker, said
from services.workers.repository import Filter
from services.workers.resources import WorkersService
from services.workers.schemas import WorkerCounts, WorkerSummary
from services.workers.tables import outbox


async def worker(service: WorkersService, scope: Scope, worker_id: str) -> Worker:
    """One worker. Raises WorkerNotFound."""
    async with service.store.read() as connection:
        found = await service.workers.get(connection, worker_id, scope)
    if found is None:
        raise WorkerNotFound()
    return found


async def note_read(service: WorkersService, read: Worker) -> None:
    """Keep that this record is being shown, words on health and family among it. Raises StoreUnavailable: it is not shown."""
    profile = read.profile
    told = [*(f"words.{name}" for name in said(profile.words)), *(f"stated.{name}" for name in profile.stated.told)]
    shown = ("sex", "birth_date", *(["ethnicity"] if profile.ethnicity else []), *told)
    async with service.store.write() as connection:
        await service.audit.record(connection, Entry("worker.read", read.id, shown))


async def page(service: WorkersService, scope: Scope, wanted: Filter, cursor: str | None, limit: int) -> Page[WorkerSummary]:
    """A page of the workers in scope, newest first. Raises BadRequest (bad_cursor) for a cursor that was not given for these
    filters."""
    asked = {"number": wanted.number, "county_code": wanted.county_code, "state": wanted.state and wanted.state.value}
    query = {"list": "workers"} | {name: value for name, value in asked.items() if value is not None}
    before_id = str(service.cursors.decode(cursor, query)[0]) if cursor is not None else None
    async with service.store.read() as connection:
        found = await service.workers.page(connection, scope, wanted, before_id, limit + 1)
    shown = found[:limit]
    today = service.clock.today()
    return Page[WorkerSummary](
        items=[WorkerSummary.of(worker, today) for worker in shown],
        next_cursor=service.cursors.encode([shown[-1].id], query) if len(found) > limit else None,
    )


async def counts(service: WorkersService, scope: Scope) -> WorkerCounts:
    """How many workers there are in scope, and how many changes wait to be told."""
    async with service.store.read() as connection:
        return WorkerCounts(
            workers=await service.workers.count(connection, scope, Filter(state=State.REGISTERED)),
            withdrawn=await service.workers.count(connection, scope, Filter(state=State.WITHDRAWN)),
            unpublished=await unpublished(connection, outbox),
        )
