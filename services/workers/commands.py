"""What changes workers: each function is one transaction of row, outbox row and audit row. (Imports: register.py.)"""

from dataclasses import replace
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.audit import Entry
from services.kernel.audit.actor import present
from services.kernel.http.auth import Scope
from services.kernel.http.idempotency import Answer, Call
from services.kernel.http.preconditions import check_version
from services.kernel.ids import new_id
from services.workers.consents import repository as declarations
from services.workers.consents.consent import ID_PREFIX as CONSENT_PREFIX
from services.workers.consents.consent import Consent, How, What
from services.workers.erasures import repository as erasures
from services.workers.errors import OutsideRegion, WorkerExists, refused
from services.workers.followups import repository as followups
from services.workers.given import amended_profile, new_profile
from services.workers.identity_number import Sex
from services.workers.intentions.intention import Asking
from services.workers.leaving import left
from services.workers.profile import Profile, State, Worker, differences, violations
from services.workers.register import ID_PREFIX
from services.workers.resources import WorkersService
from services.workers.schemas import NewWorker, Withdrawal, WorkerChanges
from services.workers.writing import answer, existing, keep, keep_all, number_free, tell


async def register(service: WorkersService, scope: Scope, body: NewWorker, call: Call | None) -> Answer:
    """Register a person, or bring back one who had left. Raises OutsideRegion, InvalidInput, WorkerExists, and what
    Idempotency.transaction raises."""
    async with service.idempotency.transaction(service.store, call) as unit:
        if unit.answer is None:
            profile = new_profile(body, _told_now(service))
            _check_region(profile, scope)
            _check(profile, body.sex, service.clock.today())
            worker = await _registered(service, unit.connection, profile, body)
            await tell(service, unit.connection, [worker], [Entry("worker.registered", worker.id)])
            unit.answer = answer(service, 201, worker)
    return unit.answer


async def amend(service: WorkersService, scope: Scope, worker_id: str, expected: int, body: WorkerChanges) -> Answer:
    """Amend the version that the caller saw; without a difference nothing happens.

    Raises WorkerNotFound, VersionMismatch, OutsideRegion, WorkerWithdrawn, InvalidInput, WorkerExists."""
    async with service.store.write() as connection:
        before = await existing(service, scope, connection, worker_id)
        check_version(expected, before.version)
        profile = amended_profile(before.profile, body, _told_now(service))
        _check_region(profile, scope)
        _check(profile, None, service.clock.today())
        entry = Entry("worker.amended", worker_id, differences(before.profile, profile))
        after = await keep(service, connection, before, profile, entry)
    return answer(service, 200, after)


async def withdraw(service: WorkersService, scope: Scope, worker_id: str, body: Withdrawal, call: Call | None) -> Answer:
    """Take a person off the register; doing it again changes nothing. Raises WorkerNotFound."""
    async with service.idempotency.transaction(service.store, call) as unit:
        if unit.answer is None:
            before = await existing(service, scope, unit.connection, worker_id)
            after = await left(service, unit.connection, before, body.reason)
            if after is not before:
                await keep_all(service, unit.connection, [after], [Entry("worker.withdrawn", worker_id)])
            unit.answer = answer(service, 200, after)
    return unit.answer


async def _registered(service: WorkersService, connection: AsyncConnection, profile: Profile, body: NewWorker) -> Worker:
    now = service.clock.now()
    known = await service.workers.by_identity_number(connection, profile.identity_number)
    if known is not None and known.state is State.REGISTERED:
        raise WorkerExists()
    with number_free():
        if known is not None:
            worker = known.register_again(profile, body.basis, now)
            await followups.resume(connection, worker.id)
            await service.workers.change(connection, [worker])
        else:
            worker = Worker.register(new_id(ID_PREFIX), profile, body.basis, now)
            await service.workers.add(connection, [worker])
            await erasures.came_back(connection, service.workers.blind(profile.identity_number))
    return await _agreed(service, connection, worker, body.consent_how)


async def _agreed(service: WorkersService, connection: AsyncConnection, worker: Worker, how: How | None) -> Worker:
    """The record with the consent that it stands on, if consent is its basis."""
    if how is None:
        return worker
    consent = Consent(new_id(CONSENT_PREFIX), What.REGISTRATION, service.clock.today(), how)
    key = await service.vault.people.one(connection, worker.id)
    await declarations.add(connection, worker.id, consent, key=key, now=worker.changed_at)
    return replace(worker, consents=(*worker.consents, consent))


def _told_now(service: WorkersService) -> Asking:
    return Asking(service.clock.today(), by=present().id)


def _check_region(profile: Profile, scope: Scope) -> None:
    if not scope.serves(profile.county_code):
        raise OutsideRegion()


def _check(profile: Profile, sex: Sex | None, today: date) -> None:
    broken = violations(profile, sex, today)
    if broken:
        raise refused(broken)
