"""Steps that commands share within their transaction: find a record, keep its next version, tell the stream and the audit."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.topics import WORKER_PROFILES
from services.kernel.audit import Entry
from services.kernel.http.auth import Scope
from services.kernel.http.idempotency import Answer
from services.kernel.http.preconditions import etag
from services.kernel.outbox import append
from services.workers import events
from services.workers.errors import WorkerExists, WorkerNotFound, WorkerWithdrawn
from services.workers.profile import AlreadyWithdrawn, Profile, Worker
from services.workers.resources import WorkersService
from services.workers.schemas import WorkerView
from services.workers.tables import outbox


async def existing(service: WorkersService, scope: Scope, connection: AsyncConnection, worker_id: str) -> Worker:
    """The record, locked. Raises WorkerNotFound where it is out of scope too."""
    worker = await service.workers.get(connection, worker_id, scope, lock=True)
    if worker is None:
        raise WorkerNotFound()
    return worker


def amended(service: WorkersService, before: Worker, profile: Profile) -> Worker:
    """The next version, or `before` when nothing differs. Raises WorkerWithdrawn."""
    try:
        return before.amend(profile, service.clock.now())
    except AlreadyWithdrawn as withdrawn:
        raise WorkerWithdrawn() from withdrawn


async def keep(service: WorkersService, connection: AsyncConnection, before: Worker, profile: Profile, entry: Entry) -> Worker:
    """Keep the next version of a record and tell it; without a difference nothing happens. Raises WorkerWithdrawn,
    WorkerExists (the identity number is another's)."""
    after = amended(service, before, profile)
    if after is not before:
        await keep_all(service, connection, [after], [entry])
    return after


async def keep_all(
    service: WorkersService, connection: AsyncConnection, changed: Sequence[Worker], entries: Sequence[Entry]
) -> None:
    """Keep next versions of records, tell the stream, and last the audit. Raises WorkerExists."""
    await write(service, connection, changed)
    await service.audit.record(connection, *entries)


async def write(service: WorkersService, connection: AsyncConnection, changed: Sequence[Worker]) -> None:
    """Keep next versions of records and tell the stream; the audit is the caller's to do, last. Raises WorkerExists."""
    with number_free():
        await service.workers.change(connection, changed)
    await tell(service, connection, changed, [])


async def tell(
    service: WorkersService, connection: AsyncConnection, workers: Sequence[Worker], entries: Sequence[Entry]
) -> None:
    """Tell the present versions of records to the stream, and what was done to the audit."""
    now = service.clock.now()
    await append(connection, outbox, WORKER_PROFILES, *(events.envelope(worker, now) for worker in workers))
    await service.audit.record(connection, *entries)


@contextmanager
def number_free() -> Iterator[None]:
    """Raises WorkerExists for a broken constraint: the only unique thing beside the id is the identity number's blind index."""
    try:
        yield
    except IntegrityError as taken:
        raise WorkerExists() from taken


def answer(service: WorkersService, status: int, worker: Worker) -> Answer:
    """The answer that shows a record, with its version and its address."""
    headers = {"ETag": etag(worker.version), "Location": f"/v1/workers/{worker.id}"}
    return Answer.of(status, WorkerView.of(worker, service.clock.today()), headers)
