"""Reveals: the audit row is committed before a value leaves. What is denied is audited too, in a transaction of its own."""

from services.contracts.purposes import Purpose
from services.kernel.audit import Entry, Outcome
from services.kernel.http.auth import Scope
from services.workers.consents.visibility import visibility
from services.workers.errors import WorkerNotFound
from services.workers.profile import Worker
from services.workers.resources import WorkersService
from services.workers.reveals.errors import ContactNotAgreed
from services.workers.reveals.schemas import RevealedContact, RevealedFields, RevealRequest
from services.workers.writing import existing

_CONTACT = ("name", "phone")


async def reveal(service: WorkersService, scope: Scope, worker_id: str, body: RevealRequest) -> RevealedFields:
    """Show staff the fields, once. Raises WorkerNotFound."""
    async with service.store.write() as connection:
        worker = await existing(service, scope, connection, worker_id)
        fields = tuple(sorted(body.fields))
        await service.audit.record(connection, Entry("worker.revealed", worker_id, fields, Purpose(body.purpose)))
    return RevealedFields(**{name: getattr(worker.profile, name) for name in fields})


async def contact(service: WorkersService, employer_id: str | None, worker_id: str) -> RevealedContact:
    """Show an employer whom to call. Raises WorkerNotFound for whom the employer may not see at all, ContactNotAgreed."""
    async with service.store.write() as connection:
        worker = await service.workers.get(connection, worker_id, Scope.everywhere())
        seen, agreed = _allowed(service, worker, employer_id)
        outcome = Outcome.PERMIT if agreed else Outcome.DENY
        if worker is not None:
            entry = Entry("worker.contact_revealed", worker_id, _CONTACT, Purpose.CONTACT_WORKER, outcome)
            await service.audit.record(connection, entry)
    if worker is None or not seen:
        raise WorkerNotFound()
    if not agreed:
        raise ContactNotAgreed()
    return RevealedContact(name=worker.profile.name, phone=worker.profile.phone)


def _allowed(service: WorkersService, worker: Worker | None, employer_id: str | None) -> tuple[bool, bool]:
    """Whether the employer may see the person at all, and the contact."""
    if worker is None or employer_id is None:
        return False, False
    told = visibility(worker, service.clock.today())
    seen = told.employers is True
    return seen, seen and employer_id in told.contact_employers
