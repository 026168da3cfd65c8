"""What reads employers."""

from dataclasses import asdict

from services.jobs.employers import repository
from services.jobs.employers.employer import Employer
from services.jobs.employers.repository import Filter
from services.jobs.employers.schemas import EmployerView
from services.jobs.errors import EmployerNotFound
from services.jobs.resources import Jobs
from services.kernel.http.auth import Principal
from services.kernel.http.paging import Page


async def employer(jobs: Jobs, caller: Principal, employer_id: str) -> Employer:
    """One employer. Raises EmployerNotFound."""
    async with jobs.store.read() as connection:
        found = await repository.get(connection, employer_id, repository.reachable(caller.scope))
    if found is None:
        raise EmployerNotFound()
    return found


async def page(jobs: Jobs, caller: Principal, wanted: Filter, cursor: str | None, limit: int) -> Page[EmployerView]:
    """A page of employers, newest first. Raises BadRequest (bad_cursor) for a cursor that was not given for these filters."""
    query = {"list": "employers"} | {name: str(value) for name, value in asdict(wanted).items() if value is not None}
    before_id = str(jobs.cursors.decode(cursor, query)[0]) if cursor is not None else None
    async with jobs.store.read() as connection:
        found = await repository.page(connection, repository.reachable(caller.scope), wanted, before_id, limit + 1)
    shown = found[:limit]
    return Page[EmployerView](
        items=[EmployerView.of(one) for one in shown],
        next_cursor=jobs.cursors.encode([shown[-1].id], query) if len(found) > limit else None,
    )
