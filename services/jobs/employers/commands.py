"""What changes employers: each function is one transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

import orjson
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.jobs.employers import repository
from services.jobs.employers.employer import AGENCY, Employer, Profile
from services.jobs.employers.repository import ID_PREFIX
from services.jobs.employers.schemas import Contacts, ContactsView, EmployerChanges, EmployerView, NewEmployer
from services.jobs.employers.standing import show_or_hide
from services.jobs.errors import EmployerExists, EmployerNotFound
from services.jobs.resources import Jobs
from services.kernel.audit import Entry
from services.kernel.errors import FieldError, InvalidInput
from services.kernel.http.auth import Principal
from services.kernel.http.idempotency import Answer, Call
from services.kernel.http.preconditions import check_version, etag
from services.kernel.ids import new_id

_PLACE: Final = "employer_contacts.sealed:{}"
_DOMESTIC: Final = "K01"


def _answer(status: int, employer: Employer) -> Answer:
    headers = {"ETag": etag(employer.version), "Location": f"/v1/employers/{employer.id}"}
    return Answer.of(status, EmployerView.of(employer), headers)


@contextmanager
def _unique() -> Iterator[None]:
    try:
        yield
    except IntegrityError as taken:
        raise EmployerExists() from taken


async def _existing(connection: AsyncConnection, caller: Principal, employer_id: str) -> Employer:
    employer = await repository.get(connection, employer_id, repository.reachable(caller.scope), lock=True)
    if employer is None:
        raise EmployerNotFound()
    return employer


async def _check_agency(connection: AsyncConnection, agency_id: str | None) -> None:
    agency = await repository.get(connection, agency_id) if agency_id is not None else None
    if agency_id is not None and (agency is None or agency.profile.kind not in (AGENCY, _DOMESTIC)):
        error = FieldError("/agency_id", "unknown_agency", "没有登记这个家政或人力资源机构")
        raise InvalidInput(error.detail, errors=[error])


async def register(jobs: Jobs, body: NewEmployer, call: Call | None) -> Answer:
    """Register an employer; one that was only mentioned by postings so far gets its particulars.

    Raises InvalidInput, EmployerExists, and what Idempotency.transaction raises."""
    async with jobs.idempotency.transaction(jobs.store, call) as unit:
        if unit.answer is None:
            now = jobs.clock.now()
            await _check_agency(unit.connection, body.agency_id)
            profile = Profile(**body.model_dump(exclude={"sandbox"}))
            employer = Employer.register(new_id(ID_PREFIX), profile, now, sandbox=body.sandbox)
            with _unique():
                employer = await _kept(unit.connection, employer, now)
            await jobs.audit.record(unit.connection, Entry("employer.registered", employer.id))
            unit.answer = _answer(201, employer)
    return unit.answer


async def _kept(connection: AsyncConnection, employer: Employer, now: datetime) -> Employer:
    known = await repository.mentioned_only(connection, employer.profile.key)
    if known is None or employer.sandbox:
        await repository.add(connection, employer)
        return employer
    told = known.amend({name: getattr(employer.profile, name) for name in Profile.__dataclass_fields__}, now)
    await repository.change(connection, known, told)
    return told


async def amend(jobs: Jobs, caller: Principal, employer_id: str, expected: int, body: EmployerChanges) -> Answer:
    """Amend the version that the caller saw. Raises EmployerNotFound, VersionMismatch, InvalidInput, EmployerExists."""
    async with jobs.store.write() as connection:
        before = await _existing(connection, caller, employer_id)
        check_version(expected, before.version)
        await _check_agency(connection, body.agency_id)
        after = before.amend({name: getattr(body, name) for name in body.model_fields_set}, jobs.clock.now())
        if after is not before:
            with _unique():
                await repository.change(connection, before, after)
            await jobs.audit.record(connection, Entry("employer.amended", after.id, tuple(sorted(body.model_fields_set))))
    return _answer(200, after)


async def judge(
    jobs: Jobs, caller: Principal, employer_id: str, step: Callable[[Employer], Employer], call: Call | None, *, deed: str
) -> Answer:
    """What staff decide about an employer; its postings are hidden or shown in the same transaction. `deed`: for the audit.

    Raises EmployerNotFound, and what `step` raises."""
    async with jobs.idempotency.transaction(jobs.store, call) as unit:
        if unit.answer is None:
            before = await _existing(unit.connection, caller, employer_id)
            after = step(before)
            if after is not before:
                await repository.change(unit.connection, before, after)
                await jobs.audit.record(unit.connection, Entry(f"employer.{deed}", after.id))
            if after.suspended is not before.suspended:
                await show_or_hide(unit.connection, jobs.audit, after, jobs.clock.now())
            unit.answer = _answer(200, after)
    return unit.answer


async def keep_contacts(jobs: Jobs, caller: Principal, employer_id: str, body: Contacts) -> ContactsView:
    """Keep the contacts, sealed, in place of those before. Raises EmployerNotFound."""
    sealed = jobs.vault.seal(orjson.dumps(body.model_dump()), _PLACE.format(employer_id))
    async with jobs.store.write() as connection:
        await _existing(connection, caller, employer_id)
        await repository.keep_contacts(connection, employer_id, sealed)
        await jobs.audit.record(connection, Entry("employer.contacts_replaced", employer_id))
    return ContactsView.model_validate(body.model_dump())


async def contacts(jobs: Jobs, caller: Principal, employer_id: str) -> ContactsView:
    """The contacts; the look is audited. Raises EmployerNotFound, VaultSealed."""
    async with jobs.store.write() as connection:
        if await repository.get(connection, employer_id, repository.reachable(caller.scope)) is None:
            raise EmployerNotFound()
        sealed = await repository.sealed_contacts(connection, employer_id)
        await jobs.audit.record(connection, Entry("employer.contacts_read", employer_id))
    if sealed is None:
        return ContactsView(contacts=[])
    return ContactsView.model_validate(orjson.loads(jobs.vault.open(sealed, _PLACE.format(employer_id))))
