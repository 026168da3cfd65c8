"""What reads and decides pairs."""

from sqlalchemy.ext.asyncio import AsyncConnection

from services.jobs import repository as all_postings
from services.jobs.duplicates import repository
from services.jobs.duplicates.schemas import Decision, Pairs, PairView
from services.jobs.errors import PairDecided, PostingNotFound
from services.jobs.posting import Posting
from services.jobs.record import record
from services.jobs.repository import Change
from services.jobs.resources import Jobs
from services.jobs.views import PostingView
from services.kernel.audit import Entry
from services.kernel.http.auth import Principal


async def pairs(jobs: Jobs, caller: Principal, state: str, limit: int) -> Pairs:
    """The latest pairs of postings that the caller may change."""
    async with jobs.store.read() as connection:
        rows = await repository.page(connection, state, limit)
        known = await all_postings.some(connection, sorted({key for row in rows for key in (row.first_id, row.second_id)}))
    views = [
        PairView(
            first=PostingView.of(known[row.first_id]),
            second=PostingView.of(known[row.second_id]),
            **{name: getattr(row, name) for name in _COPIED},
        )
        for row in rows
        if all(_kept(caller, known[key]) for key in (row.first_id, row.second_id))
    ]
    return Pairs(items=views)


_COPIED = ("score", "parts", "state", "found_at", "decided_at", "decided_by", "reason")


def _kept(caller: Principal, posting: Posting) -> bool:
    return caller.scope.keeps(posting.opening.division_code, posting.employer_id)


async def decide(jobs: Jobs, caller: Principal, first_id: str, second_id: str, body: Decision) -> PairView:
    """Merge a pair, or tell it apart. Raises PostingNotFound, PairDecided."""
    async with jobs.store.write() as connection:
        row = await repository.get(connection, first_id, second_id)
        first, second = [await _existing(connection, caller, key) for key in (first_id, second_id)]
        if row is None:
            raise PostingNotFound()
        if row.state != repository.PROPOSED:
            raise PairDecided()
        now = jobs.clock.now()
        state = repository.MERGED if body.decision == "merge" else repository.REJECTED
        changes = _merged(jobs, first, second, body) if body.decision == "merge" else [_parted(jobs, second)]
        await repository.decide(connection, row, state, caller.id, body.reason, now=now)
        await record(connection, jobs.audit, [change for change in changes if change.after is not change.before], now)
        await jobs.audit.record(connection, Entry(f"duplicate.{state}", second_id))
    known = {change.after.id: change.after for change in changes}
    return PairView(
        score=row.score,
        parts=row.parts,
        state="merged" if state == repository.MERGED else "rejected",
        found_at=row.found_at,
        decided_at=now,
        decided_by=caller.id,
        reason=body.reason,
        first=PostingView.of(known.get(first_id, first)),
        second=PostingView.of(known.get(second_id, second)),
    )


async def _existing(connection: AsyncConnection, caller: Principal, posting_id: str) -> Posting:
    posting = await all_postings.get(connection, posting_id, all_postings.writable(caller.scope))
    if posting is None:
        raise PostingNotFound()
    return posting


def _merged(jobs: Jobs, first: Posting, second: Posting, body: Decision) -> list[Change]:
    now = jobs.clock.now()
    kept, other = (first, second) if body.keep == "first" else (second, first)
    return [Change(kept, kept.counted_with(None, now)), Change(other, other.withdraw("duplicate", kept.id, now))]


def _parted(jobs: Jobs, second: Posting) -> Change:
    return Change(second, second.counted_with(None, jobs.clock.now()))
