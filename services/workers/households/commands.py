"""What changes households: each function is one transaction. A household's category is that of its members' records too."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.audit import Entry
from services.kernel.audit.actor import present
from services.kernel.http.auth import Scope
from services.kernel.http.idempotency import Answer, Call
from services.kernel.http.preconditions import check_version, etag
from services.kernel.ids import new_id
from services.workers.errors import OutsideRegion, refused
from services.workers.households import queries, repository
from services.workers.households.errors import HouseholdNotFound, HouseholdTaken
from services.workers.households.household import Category, Household, Member
from services.workers.households.schemas import HouseholdChanges, NewCategory, NewHousehold
from services.workers.profile import State, Worker
from services.workers.resources import WorkersService
from services.workers.writing import amended, existing, write

ID_PREFIX = "hh"
_MEMBERS = TypeAdapter(tuple[Member, ...])
_CATEGORIES = TypeAdapter(tuple[Category, ...])


async def enter(service: WorkersService, scope: Scope, body: NewHousehold, call: Call | None) -> Answer:
    """Enter a household. Raises OutsideRegion, InvalidInput, HouseholdTaken, WorkerNotFound."""
    if not scope.serves(body.county_code):
        raise OutsideRegion()
    async with service.idempotency.transaction(service.store, call) as unit:
        if unit.answer is None:
            household = Household(id=new_id(ID_PREFIX), version=1, **_given(body))
            _check(service, household)
            linked = await _linked(service, scope, unit.connection, household)
            with _free():
                await repository.add(unit.connection, service.vault, household, _by(service))
            await _follow(service, unit.connection, household, linked)
            unit.answer = await _answer(service, unit.connection, 201, household, Entry("household.entered", household.id))
    return unit.answer


async def amend(service: WorkersService, scope: Scope, household_id: str, expected: int, body: HouseholdChanges) -> Answer:
    """Amend the version that the caller saw. Raises HouseholdNotFound, VersionMismatch, InvalidInput, HouseholdTaken,
    WorkerNotFound."""
    async with service.store.write() as connection:
        before = await _existing(service, scope, connection, household_id, expected)
        return await _keep(service, scope, connection, before, replace(before, **_given(body)))


async def recategorise(service: WorkersService, scope: Scope, household_id: str, expected: int, body: NewCategory) -> Answer:
    """Another category from a day on. Raises HouseholdNotFound, VersionMismatch, InvalidInput."""
    async with service.store.write() as connection:
        before = await _existing(service, scope, connection, household_id, expected)
        return await _keep(service, scope, connection, before, before.recategorised(Category(**body.model_dump())))


def _given(body: NewHousehold | HouseholdChanges) -> dict[str, Any]:
    given = body.model_dump(exclude_unset=True)
    if "members" in given:
        given["members"] = _MEMBERS.validate_python(given["members"])
    if "categories" in given:
        periods = _CATEGORIES.validate_python(given["categories"])
        given["categories"] = tuple(sorted(periods, key=lambda period: (period.since, period.code)))
    return given


async def _existing(
    service: WorkersService, scope: Scope, connection: AsyncConnection, household_id: str, expected: int
) -> Household:
    found = await repository.get(connection, service.vault, household_id, scope, lock=True)
    if found is None:
        raise HouseholdNotFound()
    check_version(expected, found.version)
    return found


async def _keep(
    service: WorkersService, scope: Scope, connection: AsyncConnection, before: Household, after: Household
) -> Answer:
    _check(service, after)
    if after == before:
        return await _answer(service, connection, 200, before)
    after = replace(after, version=before.version + 1)
    linked = await _linked(service, scope, connection, after)
    with _free():
        await repository.change(connection, service.vault, after, _by(service))
    await _follow(service, connection, after, linked)
    return await _answer(service, connection, 200, after, Entry("household.amended", after.id))


async def _linked(service: WorkersService, scope: Scope, connection: AsyncConnection, household: Household) -> Sequence[Worker]:
    """The members' records, locked in one order. Raises WorkerNotFound where one is out of scope too."""
    ids = sorted(member.worker_id for member in household.members if member.worker_id is not None)
    return [await existing(service, scope, connection, worker_id) for worker_id in ids]


async def _follow(service: WorkersService, connection: AsyncConnection, household: Household, linked: Sequence[Worker]) -> None:
    """Let the members' records say what the household's says."""
    period = household.category_on(service.clock.today())
    told: dict[str, Any] = {} if period is None else {"household_category": period.code}
    if household.relocated is not None:
        told["relocated"] = household.relocated
    after = [
        (worker, amended(service, worker, replace(worker.profile, **told)))
        for worker in linked
        if worker.state is State.REGISTERED
    ]
    await write(service, connection, [changed for worker, changed in after if changed is not worker])


def _check(service: WorkersService, household: Household) -> None:
    if broken := list(household.violations(service.clock.today())):
        raise refused(broken)


@contextmanager
def _free() -> Iterator[None]:
    try:
        yield
    except IntegrityError as taken:
        raise HouseholdTaken() from taken


def _by(service: WorkersService) -> tuple[str, Any]:
    return present().id, service.clock.now()


async def _answer(
    service: WorkersService, connection: AsyncConnection, status: int, household: Household, *entries: Entry
) -> Answer:
    shown = await queries.view(service, connection, household)
    await service.audit.record(connection, *entries)
    headers = {"ETag": etag(household.version), "Location": f"/v1/households/{household.id}"}
    return Answer.of(status, shown, headers)
