"""What reads households. Who reads one is audited: its roster names people who are in no register."""

from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.vocabulary import codes
from services.kernel.audit import Entry
from services.kernel.http.auth import Scope
from services.kernel.http.paging import Page
from services.kernel.vault.masking import mask_name
from services.workers import queries as records
from services.workers.households import repository
from services.workers.households.errors import HouseholdNotFound
from services.workers.households.household import Household, Member, in_work, zero_employment
from services.workers.households.repository import Wanted
from services.workers.households.schemas import CategoryView, HouseholdView, MemberView, county_name
from services.workers.resources import WorkersService


async def household(service: WorkersService, scope: Scope, household_id: str) -> HouseholdView:
    """One household. Raises HouseholdNotFound."""
    async with service.store.write() as connection:
        found = await repository.get(connection, service.vault, household_id, scope)
        return await _shown(service, connection, found)


async def of_worker(service: WorkersService, scope: Scope, worker_id: str) -> HouseholdView:
    """The household of a worker. Raises WorkerNotFound, HouseholdNotFound."""
    await records.worker(service, scope, worker_id)
    async with service.store.write() as connection:
        found = await repository.of_worker(connection, service.vault, worker_id, scope)
        return await _shown(service, connection, found)


async def page(service: WorkersService, scope: Scope, wanted: Wanted, cursor: str | None, limit: int) -> Page[HouseholdView]:
    """A page of households. Raises BadRequest (bad_cursor)."""
    query = {"list": "households", "wanted": repr(wanted)}
    after_id = str(service.cursors.decode(cursor, query)[0]) if cursor is not None else ""
    async with service.store.write() as connection:
        found = await repository.page(connection, service.vault, scope, wanted, after_id=after_id, limit=limit + 1)
        shown = found[:limit]
        items = [await view(service, connection, one) for one in shown]
        await service.audit.record(connection, *(Entry("household.read", one.id) for one in shown))
    following = service.cursors.encode([shown[-1].id], query) if len(found) > limit else None
    return Page[HouseholdView](items=items, next_cursor=following)


async def _shown(service: WorkersService, connection: AsyncConnection, found: Household | None) -> HouseholdView:
    if found is None:
        raise HouseholdNotFound()
    shown = await view(service, connection, found)
    await service.audit.record(connection, Entry("household.read", found.id))
    return shown


async def view(service: WorkersService, connection: AsyncConnection, one: Household) -> HouseholdView:
    """A household as it is read; who is in work as their records say today."""
    linked = [member.worker_id for member in one.members if member.worker_id is not None]
    statuses = await repository.statuses(connection, linked)
    members = [
        (member, in_work(statuses.get(member.worker_id or "")) if member.worker_id in statuses else member.at_work)
        for member in one.members
    ]
    present = one.category_on(service.clock.today())
    return HouseholdView(
        id=one.id,
        version=one.version,
        code=one.code,
        county_code=one.county_code,
        county_name=county_name(one.county_code),
        township=one.township,
        village=one.village,
        relocated=one.relocated,
        relocated_to=one.relocated_to,
        category=present.code if present else None,
        category_name=codes.HOUSEHOLD_STATUS.label(present.code) if present else "",
        risk=present.risk if present else None,
        zero_employment=zero_employment([(member.able, at_work) for member, at_work in members]),
        categories=[
            CategoryView(
                code=period.code,
                name=codes.HOUSEHOLD_STATUS.label(period.code),
                since=period.since,
                until=period.until,
                source=period.source,
                risk=period.risk,
            )
            for period in one.categories
        ],
        members=[_member(member, at_work) for member, at_work in members],
    )


def _member(member: Member, at_work: bool | None) -> MemberView:
    return MemberView(
        name=mask_name(member.name),
        relation=member.relation,
        relation_name=codes.RELATIONS.label(member.relation),
        worker_id=member.worker_id,
        birth_year=member.birth_year,
        able=member.able,
        at_work=at_work,
    )
