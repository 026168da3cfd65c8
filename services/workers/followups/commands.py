"""What changes how workers are followed up: each function is one transaction."""

from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.audit import Entry
from services.kernel.errors import FieldError, InvalidInput, Problem
from services.kernel.http.auth import Scope
from services.kernel.http.idempotency import Answer, Call
from services.workers.cadres import repository as cadres
from services.workers.followups import queries, steps
from services.workers.followups.schemas import Assignment, BulkAction, BulkResult, NewContact, NotDone
from services.workers.profile import Worker
from services.workers.resources import WorkersService
from services.workers.writing import existing

Step = Callable[[AsyncConnection, Worker], Awaitable[Entry]]


async def contact(service: WorkersService, scope: Scope, worker_id: str, body: NewContact, call: Call | None) -> Answer:
    """Keep a contact with a worker. Raises WorkerNotFound, WorkerWithdrawn, Closed, InvalidInput."""
    step = _contacting(service, body)
    return await _one(service, scope, worker_id, step, call=call, status=201)


async def assign(service: WorkersService, scope: Scope, worker_id: str, body: Assignment, call: Call | None) -> Answer:
    """Let another look after a worker. Raises WorkerNotFound, WorkerWithdrawn, Closed, InvalidInput (unknown_cadre)."""
    step = _assigning(service, scope, body)
    return await _one(service, scope, worker_id, step, call=call, status=200)


async def bulk(service: WorkersService, scope: Scope, body: BulkAction, call: Call | None) -> Answer:
    """Do one thing for workers named one by one; who cannot be meant is told, the rest is done together."""
    step = _step(service, scope, body)
    async with service.idempotency.transaction(service.store, call) as unit:
        if unit.answer is None:
            done, refused = await _for_each(service, scope, unit.connection, body.worker_ids, step)
            await service.audit.record(unit.connection, *done)
            result = BulkResult(done=[one.subject for one in done], not_done=refused)
            unit.answer = Answer.of(200, result)
    return unit.answer


async def _one(service: WorkersService, scope: Scope, worker_id: str, step: Step, *, call: Call | None, status: int) -> Answer:
    async with service.idempotency.transaction(service.store, call) as unit:
        if unit.answer is None:
            worker = await existing(service, scope, unit.connection, worker_id)
            await service.audit.record(unit.connection, await step(unit.connection, worker))
            unit.answer = Answer.of(status, await queries.view(service, unit.connection, worker_id))
    return unit.answer


async def _for_each(
    service: WorkersService, scope: Scope, connection: AsyncConnection, ids: Sequence[str], step: Step
) -> tuple[Sequence[Entry], Sequence[NotDone]]:
    done: list[Entry] = []
    refused: list[NotDone] = []
    for worker_id in sorted(ids):  # locked in one order, whoever else does the same
        try:
            done.append(await step(connection, await existing(service, scope, connection, worker_id)))
        except Problem as problem:  # raised before anything was written for this one
            if isinstance(problem, InvalidInput):
                raise
            refused.append(NotDone(worker_id=worker_id, code=problem.code, detail=problem.detail or problem.title))
    return done, refused


def _step(service: WorkersService, scope: Scope, body: BulkAction) -> Step:
    if body.assign is not None:
        return _assigning(service, scope, body.assign)
    if body.contact is not None:
        return _contacting(service, body.contact)
    if body.postpone is None:
        raise InvalidInput()
    next_on = body.postpone.next_on
    if next_on < service.clock.today():
        error = FieldError("/postpone/next_on", "date_gone", "下次联系的日期已经过去")
        raise InvalidInput(error.detail, errors=[error])
    return lambda connection, worker: steps.postpone(connection, worker, next_on)


def _contacting(service: WorkersService, body: NewContact) -> Step:
    return lambda connection, worker: steps.contact(service, connection, worker, body)


def _assigning(service: WorkersService, scope: Scope, body: Assignment) -> Step:
    async def assigning(connection: AsyncConnection, worker: Worker) -> Entry:
        if body.cadre_id is not None:
            cadre = await cadres.get(connection, service.vault, body.cadre_id, scope)
            if cadre is None or not cadre.active:
                error = FieldError("/cadre_id", "unknown_cadre", "没有这个责任人，或已停用")
                raise InvalidInput(error.detail, errors=[error])
        return await steps.assign(service, connection, worker, body.cadre_id)

    return assigning
