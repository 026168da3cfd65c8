"""What changes postings: each function is one transaction of row, outbox row and audit row."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.events import PostingWords
from services.jobs import repository
from services.jobs.errors import OutsideRegion, PostingExists, PostingNotFound
from services.jobs.posting import Opening, Posting, differences
from services.jobs.resources import Jobs
from services.jobs.schemas import NewPosting, PostingChanges, PostingView, Withdrawal, opening_fields
from services.kernel.audit import Entry
from services.kernel.http.auth import Scope
from services.kernel.http.idempotency import Answer, Call
from services.kernel.http.preconditions import check_version, etag
from services.kernel.ids import new_id

ID_PREFIX: Final = "p"


def _answer(status: int, posting: Posting) -> Answer:
    headers = {"ETag": etag(posting.version), "Location": f"/v1/postings/{posting.id}"}
    return Answer.of(status, PostingView.of(posting), headers)


@contextmanager
def _number_free() -> Iterator[None]:
    try:
        yield
    except IntegrityError as taken:  # the only unique thing beside the id is the employer's number
        raise PostingExists() from taken


async def _existing(connection: AsyncConnection, scope: Scope, posting_id: str) -> Posting:
    posting = await repository.get(connection, posting_id, repository.writable(scope))
    if posting is None:
        raise PostingNotFound()
    return posting


def _check_region(posting: Posting, scope: Scope) -> None:
    if not scope.keeps(posting.opening.division_code, posting.employer_id):
        raise OutsideRegion()


async def publish(jobs: Jobs, scope: Scope, body: NewPosting, call: Call | None) -> Answer:
    """Publish an opening; an employer owns what it publishes.

    Raises OutsideRegion, InvalidInput, PostingExists, and what Idempotency.transaction raises."""
    async with jobs.idempotency.transaction(jobs.store, call) as unit:
        if unit.answer is None:
            opening = Opening(**opening_fields(body, PostingWords()))
            now, today = jobs.clock.now(), jobs.clock.today()
            posting = Posting.publish(new_id(ID_PREFIX), opening, now, today, employer_id=scope.employer_id)
            _check_region(posting, scope)
            with _number_free():
                await repository.add(unit.connection, [(posting, posting.opening.number or None)])
            await repository.tell(unit.connection, [posting], posting.updated_at)
            await jobs.audit.record(unit.connection, Entry("posting.published", posting.id))
            unit.answer = _answer(201, posting)
    return unit.answer


async def amend(jobs: Jobs, scope: Scope, posting_id: str, expected: int, body: PostingChanges) -> Answer:
    """Amend the version that the caller saw; without a difference nothing happens.

    Raises PostingNotFound, VersionMismatch, OutsideRegion, PostingWithdrawn, InvalidInput, PostingExists."""
    async with jobs.store.write() as connection:
        before = await _existing(connection, scope, posting_id)
        check_version(expected, before.version)
        after = before.amend(opening_fields(body, before.opening.words), jobs.clock.now(), jobs.clock.today())
        _check_region(after, scope)
        if after is not before:
            with _number_free():
                await repository.change(connection, [(before, after)])
            await repository.tell(connection, [after], after.updated_at)
            changed = differences(before.opening, after.opening)
            await jobs.audit.record(connection, Entry("posting.amended", after.id, changed))
    return _answer(200, after)


async def withdraw(jobs: Jobs, scope: Scope, posting_id: str, body: Withdrawal, call: Call | None) -> Answer:
    """Close a posting for good; closing a closed one changes nothing. Raises PostingNotFound."""
    async with jobs.idempotency.transaction(jobs.store, call) as unit:
        if unit.answer is None:
            before = await _existing(unit.connection, scope, posting_id)
            after = before.withdraw(body.reason, jobs.clock.now())
            if after is not before:
                await repository.change(unit.connection, [(before, after)])
                await repository.tell(unit.connection, [after], after.updated_at)
                await jobs.audit.record(unit.connection, Entry("posting.withdrawn", after.id))
            unit.answer = _answer(200, after)
    return unit.answer
