"""What changes declarations: each function is one transaction of declaration, worker's version, outbox row and audit row."""

from services.kernel.audit import Entry
from services.kernel.errors import FieldError, InvalidInput
from services.kernel.http.auth import Scope
from services.kernel.http.idempotency import Answer, Call
from services.kernel.ids import new_id
from services.workers.consents import queries, repository
from services.workers.consents.consent import ID_PREFIX, Consent, How
from services.workers.consents.errors import ConsentNotFound
from services.workers.consents.schemas import NewConsent
from services.workers.errors import WorkerWithdrawn
from services.workers.profile import State
from services.workers.resources import WorkersService
from services.workers.writing import existing, keep_all


async def give(service: WorkersService, scope: Scope, worker_id: str, body: NewConsent, call: Call | None) -> Answer:
    """Record a declaration, if it does not stand already. Raises WorkerNotFound, WorkerWithdrawn, InvalidInput."""
    async with service.idempotency.transaction(service.store, call) as unit:
        if unit.answer is None:
            connection, now = unit.connection, service.clock.now()
            before = await existing(service, scope, connection, worker_id)
            if before.state is State.WITHDRAWN:
                raise WorkerWithdrawn()
            consent = _declared(service, body)
            if not any(_same(consent, held) for held in before.consents):
                key = await service.vault.people.one(connection, worker_id)
                await repository.add(connection, worker_id, consent, body.evidence, key=key, now=now)
                after = before.with_consents((*before.consents, consent), now)
                deed = Entry("consent.given", worker_id, (consent.what.value,))
                await keep_all(service, connection, [after], [deed])
            unit.answer = Answer.of(201, await queries.listed(connection, worker_id))
    return unit.answer


async def withdraw(
    service: WorkersService, scope: Scope, worker_id: str, consent_id: str, *, how: How, call: Call | None
) -> Answer:
    """Take a declaration back; doing it again changes nothing. Raises WorkerNotFound, ConsentNotFound."""
    async with service.idempotency.transaction(service.store, call) as unit:
        if unit.answer is None:
            connection, now = unit.connection, service.clock.now()
            before = await existing(service, scope, connection, worker_id)
            held = next((one for one in before.consents if one.id == consent_id), None)
            if held is None:
                raise ConsentNotFound()
            if held.stands:
                ended = held.withdraw(how, now)
                await repository.withdraw(connection, ended)
                consents = tuple(ended if one is held else one for one in before.consents)
                deed = Entry("consent.withdrawn", worker_id, (held.what.value,))
                await keep_all(service, connection, [before.with_consents(consents, now)], [deed])
            unit.answer = Answer.of(200, await queries.listed(connection, worker_id))
    return unit.answer


def _declared(service: WorkersService, body: NewConsent) -> Consent:
    today = service.clock.today()
    given_on = body.given_on or today
    if given_on > today:
        raise InvalidInput(errors=[FieldError("/given_on", "in_the_future", "不能晚于今天")])
    return Consent(new_id(ID_PREFIX), body.what, given_on, body.how, body.employer_id)


def _same(new: Consent, held: Consent) -> bool:
    return held.stands and (held.what, held.employer_id) == (new.what, new.employer_id)
