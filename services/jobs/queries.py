"""What reads postings."""

from dataclasses import asdict

from services.jobs import private, repository
from services.jobs.errors import PostingNotFound
from services.jobs.lifecycle import history
from services.jobs.posting import Posting
from services.jobs.repository import Filter
from services.jobs.resources import Jobs
from services.jobs.tables import outbox
from services.jobs.views import PostingCounts, PostingView, Step
from services.kernel.audit import Entry
from services.kernel.http.auth import Principal
from services.kernel.http.paging import Page
from services.kernel.outbox import unpublished


async def posting(jobs: Jobs, caller: Principal, posting_id: str) -> Posting:
    """One posting. Raises PostingNotFound."""
    async with jobs.store.read() as connection:
        found = await repository.get(connection, posting_id, repository.readable(caller.scope))
    if found is None:
        raise PostingNotFound()
    return found


async def steps(jobs: Jobs, caller: Principal, posting_id: str) -> list[Step]:
    """The history of a posting that the caller may change, oldest first. Raises PostingNotFound."""
    async with jobs.store.read() as connection:
        if await repository.get(connection, posting_id, repository.writable(caller.scope)) is None:
            raise PostingNotFound()
        return [Step.of(row) for row in await history.of(connection, posting_id)]


async def sealed(jobs: Jobs, caller: Principal, posting_id: str) -> private.Private:
    """Whom to ask and the message it came from, of a posting that the caller may change; the look is audited.

    Raises PostingNotFound."""
    async with jobs.store.write() as connection:
        if await repository.get(connection, posting_id, repository.writable(caller.scope)) is None:
            raise PostingNotFound()
        found = await private.read(connection, jobs.vault, posting_id)
        await jobs.audit.record(connection, Entry("posting.contact_read", posting_id, ("contact", "original_text")))
    return found


async def page(jobs: Jobs, caller: Principal, wanted: Filter, cursor: str | None, limit: int) -> Page[PostingView]:
    """A page of readable postings, newest first. Raises BadRequest (bad_cursor) for a cursor that was not given for these
    filters."""
    query = {"list": "postings"} | {name: str(value) for name, value in asdict(wanted).items() if value is not None}
    before_id = str(jobs.cursors.decode(cursor, query)[0]) if cursor is not None else None
    async with jobs.store.read() as connection:
        found = await repository.page(connection, caller.scope, wanted, before_id, limit + 1)
    shown = found[:limit]
    more = len(found) > limit
    return Page[PostingView](
        items=[PostingView.of(posting) for posting in shown],
        next_cursor=jobs.cursors.encode([shown[-1].id], query) if more else None,
    )


async def counts(jobs: Jobs, caller: Principal) -> PostingCounts:
    """How many readable postings there are, how many people they look for, and how many changes wait to be told."""
    async with jobs.store.read() as connection:
        return PostingCounts(
            postings=await repository.live(connection, caller.scope),
            vacancies=await repository.vacancies(connection, caller.scope, jobs.clock.today()),
            unpublished=await unpublished(connection, outbox),
        )
