"""What changes workers: each function is one transaction of row, outbox row and audit row. (Imports: register.py.)"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.topics import WORKER_PROFILES
from services.kernel.audit import Entry
from services.kernel.http.auth import Scope
from services.kernel.http.idempotency import Answer, Call
from services.kernel.http.preconditions import check_version, etag
from services.kernel.ids import new_id
from services.kernel.outbox import append
from services.workers import events, tidying
from services.workers.errors import OutsideRegion, WorkerExists, WorkerNotFound, WorkerWithdrawn, refused
from services.workers.identity_number import Sex
from services.workers.profile import TIDIED, AlreadyWithdrawn, OwnWords, Profile, State, Worker, differences, violations
from services.workers.register import ID_PREFIX
from services.workers.resources import WorkersService
from services.workers.schemas import NewWorker, Withdrawal, WorkerChanges, WorkerView
from services.workers.tables import outbox


async def register(service: WorkersService, scope: Scope, body: NewWorker, call: Call | None) -> Answer:
    """Register a person, or bring back one who had left. Raises OutsideRegion, InvalidInput, WorkerExists, and what
    Idempotency.transaction raises."""
    async with service.idempotency.transaction(service.store, call) as unit:
        if unit.answer is None:
            profile = Profile(words=OwnWords(**body.words.model_dump()), **_given(body))
            profile = profile.asked(None, service.clock.today())
            _check_region(profile, scope)
            _check(profile, body.sex, service.clock.today())
            worker = await _registered(service, unit.connection, profile, body)
            await _tell(service, unit.connection, worker, Entry("worker.registered", worker.id))
            unit.answer = _answer(service, 201, worker)
    return unit.answer


async def amend(service: WorkersService, scope: Scope, worker_id: str, expected: int, body: WorkerChanges) -> Answer:
    """Amend the version that the caller saw; without a difference nothing happens.

    Raises WorkerNotFound, VersionMismatch, OutsideRegion, WorkerWithdrawn, InvalidInput, WorkerExists."""
    async with service.store.write() as connection:
        before = await _existing(service, scope, connection, worker_id)
        check_version(expected, before.version)
        profile = _amended(before.profile, body).asked(before.profile, service.clock.today())
        _check_region(profile, scope)
        _check(profile, None, service.clock.today())
        try:
            after = before.amend(profile, service.clock.now())
        except AlreadyWithdrawn as withdrawn:
            raise WorkerWithdrawn() from withdrawn
        if after is not before:
            with _number_free():
                await service.workers.change(connection, [after])
            await _tell(service, connection, after, Entry("worker.amended", after.id, differences(before.profile, profile)))
    return _answer(service, 200, after)


async def withdraw(service: WorkersService, scope: Scope, worker_id: str, body: Withdrawal, call: Call | None) -> Answer:
    """Take a person off the register; doing it again changes nothing. Raises WorkerNotFound."""
    async with service.idempotency.transaction(service.store, call) as unit:
        if unit.answer is None:
            before = await _existing(service, scope, unit.connection, worker_id)
            after = before.withdraw(body.reason, service.clock.now())
            if after is not before:
                await service.workers.change(unit.connection, [after])
                await _tell(service, unit.connection, after, Entry("worker.withdrawn", after.id))
            unit.answer = _answer(service, 200, after)
    return unit.answer


async def _registered(service: WorkersService, connection: AsyncConnection, profile: Profile, body: NewWorker) -> Worker:
    now = service.clock.now()
    known = await service.workers.by_identity_number(connection, profile.identity_number)
    if known is not None and known.state is State.REGISTERED:
        raise WorkerExists()
    with _number_free():
        if known is not None:
            worker = known.register_again(profile, body.basis, now)
            await service.workers.change(connection, [worker])
        else:
            worker = Worker.register(new_id(ID_PREFIX), profile, body.basis, now)
            await service.workers.add(connection, [worker])
    return worker


async def _existing(service: WorkersService, scope: Scope, connection: AsyncConnection, worker_id: str) -> Worker:
    worker = await service.workers.get(connection, worker_id, scope, lock=True)
    if worker is None:
        raise WorkerNotFound()
    return worker


async def _tell(service: WorkersService, connection: AsyncConnection, worker: Worker, entry: Entry) -> None:
    await append(connection, outbox, WORKER_PROFILES, events.envelope(worker, service.clock.now()))
    await service.audit.record(connection, entry)


@contextmanager
def _number_free() -> Iterator[None]:
    try:
        yield
    except IntegrityError as taken:  # the only unique thing beside the id is the identity number's blind index
        raise WorkerExists() from taken


def _check_region(profile: Profile, scope: Scope) -> None:
    if not scope.serves(profile.county_code):
        raise OutsideRegion()


def _check(profile: Profile, sex: Sex | None, today: date) -> None:
    broken = violations(profile, sex, today)
    if broken:
        raise refused(broken)


def _given(body: NewWorker | WorkerChanges) -> dict[str, Any]:
    """The fields of a Profile that a request names; codes looked up from words where only words are given."""
    given: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set - {"words", "sex", "basis"}}
    said: Mapping[str, str] = body.words.model_dump(exclude_unset=True) if body.words is not None else {}
    for word, code in TIDIED.items():
        if word in said and code not in given:
            given[code] = tidying.relocated_of(said[word]) if word == "relocated" else tidying.code_of(word, said[word])
    return given


def _amended(profile: Profile, body: WorkerChanges) -> Profile:
    said = body.words.model_dump(exclude_unset=True) if body.words is not None else {}
    stated = profile.stated.without(name for name, text in said.items() if text != getattr(profile.words, name))
    return replace(profile, words=replace(profile.words, **said), stated=stated, **_given(body))


def _answer(service: WorkersService, status: int, worker: Worker) -> Answer:
    headers = {"ETag": etag(worker.version), "Location": f"/v1/workers/{worker.id}"}
    return Answer.of(status, WorkerView.of(worker, service.clock.today()), headers)
