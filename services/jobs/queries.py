"""What reads postings."""

from dataclasses import asdict

from services.jobs import repository
from services.jobs.errors import PostingNotFound
from services.jobs.posting import Posting
from services.jobs.repository import Filter
from services.jobs.resources import Jobs
from services.jobs.schemas import PostingCounts, PostingView
from services.jobs.tables import outbox
from services.kernel.http.auth import Scope
from services.kernel.http.paging import Page
from services.kernel.outbox import unpublished


async def posting(jobs: Jobs, scope: Scope, posting_id: str) -> Posting:
    """One posting. Raises PostingNotFound."""
    async with jobs.store.read() as connection:
        found = await repository.get(connection, posting_id, repository.readable(scope))
    if found is None:
        raise PostingNotFound()
    return found


async def page(jobs: Jobs, scope: Scope, wanted: Filter, cursor: str | None, limit: int) -> Page[PostingView]:
    """A page of readable postings, newest first. Raises BadRequest (bad_cursor) for a cursor that was not given for these
    filters."""
    query = {"list": "postings"} | {name: str(value) for name, value in asdict(wanted).items() if value is not None}
    before_id = str(jobs.cursors.decode(cursor, query)[0]) if cursor is not None else None
    async with jobs.store.read() as connection:
        found = await repository.page(connection, scope, wanted, before_id, limit + 1)
    shown = found[:limit]
    more = len(found) > limit
    return Page[PostingView](
        items=[PostingView.of(posting) for posting in shown],
        next_cursor=jobs.cursors.encode([shown[-1].id], query) if more else None,
    )


async def counts(jobs: Jobs, scope: Scope) -> PostingCounts:
    """How many readable postings there are, and how many changes wait to be told."""
    async with jobs.store.read() as connection:
        return PostingCounts(
            postings=await repository.live(connection, scope), unpublished=await unpublished(connection, outbox)
        )
