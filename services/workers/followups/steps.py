"""What is done for one worker within a transaction: assigned, contacted, postponed. Each step tells what the audit keeps."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.audit import Entry
from services.kernel.audit.actor import present
from services.kernel.errors import Conflict
from services.kernel.ids import new_id
from services.workers.errors import WorkerWithdrawn, refused
from services.workers.followups import repository
from services.workers.followups.followup import CLOSING, Contact, FollowUp, FollowUpClosed, usual_next
from services.workers.followups.schemas import NewContact
from services.workers.intentions.intention import Asking
from services.workers.leaving import left
from services.workers.profile import State, Worker
from services.workers.resources import WorkersService
from services.workers.writing import amended, write

_CLOSED = {"FU22": "跟踪中登记：死亡或户籍注销", "FU23": "跟踪中登记：本人拒绝继续跟踪（撤回同意）"}


class Closed(Conflict):
    """The person has died or does not want to be followed up."""

    code = "followup_closed"
    title = "已终止跟踪，不能再登记联系"


async def assign(service: WorkersService, connection: AsyncConnection, worker: Worker, cadre_id: str | None) -> Entry:
    """Looked after by another. Raises WorkerWithdrawn, Closed."""
    before = await _state(connection, worker)
    after = _or_closed(lambda: (before or FollowUp(worker.id)).assigned(cadre_id))
    if before is None or after != before:
        await repository.put(connection, after, new=before is None)
        by = (present().id, service.clock.now())
        await repository.add_assignment(connection, new_id("as"), worker.id, cadre_id, by)
    return Entry("worker.assigned", worker.id, ("cadre_id",))


async def postpone(connection: AsyncConnection, worker: Worker, next_on: date) -> Entry:
    """The next contact on another day. Raises WorkerWithdrawn, Closed."""
    before = await _state(connection, worker)
    after = _or_closed(lambda: (before or FollowUp(worker.id)).postponed(next_on))
    await repository.put(connection, after, new=before is None)
    return Entry("worker.postponed", worker.id, ("next_on",))


async def contact(service: WorkersService, connection: AsyncConnection, worker: Worker, body: NewContact) -> Entry:
    """A contact was made. Raises WorkerWithdrawn, Closed, InvalidInput."""
    before = await _state(connection, worker)
    held = before or FollowUp(worker.id)
    made = _contact(body, held, service.clock.today())
    if broken := list(made.violations(service.clock.today())):
        raise refused(broken)
    after = _or_closed(lambda: held.contacted(made))
    await repository.put(connection, after, new=before is None)
    key = await service.vault.people.one(connection, worker.id)
    await repository.add_contact(connection, worker.id, made, (present().id, service.clock.now()), key)
    if made.outcome in CLOSING:
        await write(service, connection, [await left(service, connection, worker, _CLOSED[made.outcome])])
    elif body.intention_confirmed:
        await write(service, connection, _confirmed(service, worker, made))
    return Entry("worker.contacted", worker.id, ("status", "next_on"))


def _contact(body: NewContact, held: FollowUp, today: date) -> Contact:
    on = body.on or today
    next_on = body.next_on if "next_on" in body.model_fields_set else usual_next(body.outcome, on)
    by = body.made_by or held.cadre_id or present().id
    return Contact(new_id("ct"), on, body.channel, body.outcome, body.note, next_on, by)


def _confirmed(service: WorkersService, worker: Worker, made: Contact) -> Sequence[Worker]:
    """The record once the person said that they want what was known; none where they said something later."""
    held = worker.profile.asking
    if held is not None and made.on < held.on:
        return []
    after = amended(service, worker, replace(worker.profile, asking=Asking(made.on, made.channel, made.by)))
    return [after] if after is not worker else []


async def _state(connection: AsyncConnection, worker: Worker) -> FollowUp | None:
    if worker.state is State.WITHDRAWN:
        raise WorkerWithdrawn()
    return await repository.get(connection, worker.id)


def _or_closed(step: Callable[[], FollowUp]) -> FollowUp:
    try:
        return step()
    except FollowUpClosed as closed:
        raise Closed() from closed
