"""What changes postings: each function is one transaction of row, history and outbox row."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.permissions import Permission
from services.jobs import private, repository
from services.jobs.employers import repository as employers
from services.jobs.employers.employer import Employer, Profile
from services.jobs.errors import EmployerNotFound, EmployerSuspended, OutsideRegion, PostingExists, PostingNotFound
from services.jobs.kinds import completed
from services.jobs.opening import Opening
from services.jobs.posting import Posting
from services.jobs.record import record
from services.jobs.repository import Change
from services.jobs.resources import Jobs
from services.jobs.schemas import NOTHING, NewPosting, PostingChanges, opening_fields
from services.jobs.verdict import Verdict
from services.jobs.views import PostingView
from services.kernel.errors import FieldError, InvalidInput
from services.kernel.http.auth import Principal
from services.kernel.http.idempotency import Answer, Call
from services.kernel.http.preconditions import check_version, etag
from services.kernel.ids import new_id

ID_PREFIX: Final = "p"


def answer(status: int, posting: Posting) -> Answer:
    """A posting as an answer: its version is the ETag."""
    headers = {"ETag": etag(posting.version), "Location": f"/v1/postings/{posting.id}"}
    return Answer.of(status, PostingView.of(posting), headers)


@contextmanager
def number_free() -> Iterator[None]:
    """Raises PostingExists for what breaks when an employer's number or reference is taken."""
    try:
        yield
    except IntegrityError as taken:  # nothing else is unique beside the id
        raise PostingExists() from taken


async def existing(connection: AsyncConnection, caller: Principal, posting_id: str) -> Posting:
    """The posting that the caller may change. Raises PostingNotFound."""
    posting = await repository.get(connection, posting_id, repository.writable(caller.scope))
    if posting is None:
        raise PostingNotFound()
    return posting


async def employer_named(
    connection: AsyncConnection, caller: Principal, employer_id: str | None, profile: Profile | None, now: datetime
) -> Employer:
    """Whose opening it is: the caller's own, or the one that staff name by id or by its profile.

    Raises EmployerNotFound, EmployerSuspended, InvalidInput."""
    own = caller.scope.employer_id
    if own is not None and (employer_id or profile):
        raise _misnamed("employer_id" if employer_id else "employer_name", "not_allowed", "单位按凭证认定，不用填写")
    known_id = own or employer_id
    if known_id is not None:
        employer = await employers.get(connection, known_id)
    elif profile is not None:
        employer = (await employers.mentioned(connection, [profile], now))[profile.key]
    else:
        raise _misnamed("employer_name", "missing", "请填写用人单位名称，或者用 employer_id 指明")
    if employer is None:
        raise EmployerNotFound()
    if employer.suspended:
        raise EmployerSuspended()
    return employer


def _misnamed(field: str, code: str, detail: str) -> InvalidInput:
    return InvalidInput(detail, errors=[FieldError(f"/{field}", code, detail)])


def offered(body: NewPosting, employer: Employer, day: date) -> Opening:
    """The opening that a request states, as this employer's."""
    stated = opening_fields(body, NOTHING)
    stated["employer_name"] = body.employer_name or employer.profile.name
    stated["employer_kind"] = stated.get("employer_kind") or employer.profile.kind
    return completed(Opening(**stated), day)


def verdict_on(jobs: Jobs, caller: Principal, opening: Opening) -> Verdict:
    """What the check says of an opening that this caller hands in today; who may review has looked."""
    reviewer = Permission.POSTINGS_REVIEW in caller.permissions and caller.scope.employer_id is None
    return jobs.judge(opening, jobs.clock.today()).seen_by(reviewer=reviewer)


def drawn_up(jobs: Jobs, caller: Principal, body: NewPosting, employer: Employer) -> Posting:
    """The new posting, handed in unless a draft is all that is wanted. Raises InvalidInput."""
    now, today = jobs.clock.now(), jobs.clock.today()
    opening = offered(body, employer, today)
    origin = {"employer_id": employer.id, "sandbox": employer.sandbox, "external_reference": body.external_reference}
    posting = Posting.draft(new_id(ID_PREFIX), opening, now, today, **origin)
    if body.intent == "draft":
        return posting
    verdict = verdict_on(jobs, caller, opening)
    return posting.published_at_once(verdict, now, today, window_days(jobs, body.priority_window_days))


def window_days(jobs: Jobs, asked: int | None) -> int:
    """How many days the priority households come first: as asked, else as the setting says."""
    return jobs.priority_window_days if asked is None else asked


def check_region(posting: Posting, caller: Principal) -> None:
    """Raises OutsideRegion unless the caller looks after the place."""
    if not caller.scope.keeps(posting.opening.division_code, posting.employer_id):
        raise OutsideRegion()


async def kept(jobs: Jobs, connection: AsyncConnection, caller: Principal, body: NewPosting) -> Posting:
    """A new posting, kept. Raises OutsideRegion, InvalidInput, PostingExists, EmployerNotFound, EmployerSuspended."""
    now = jobs.clock.now()
    profile = Profile(body.employer_name, kind=body.employer_kind) if body.employer_name else None
    employer = await employer_named(connection, caller, body.employer_id, profile, now)
    posting = drawn_up(jobs, caller, body, employer)
    check_region(posting, caller)
    with number_free():
        await record(connection, jobs.audit, [Change(None, posting, posting.opening.number or None)], now)
    await private.keep(connection, jobs.vault, posting.id, body.contact, body.original_text)
    return posting


async def publish(jobs: Jobs, caller: Principal, body: NewPosting, call: Call | None) -> Answer:
    """Keep an opening and, unless a draft is all that is wanted, hand it in.

    Raises what `kept` and Idempotency.transaction raise."""
    async with jobs.idempotency.transaction(jobs.store, call) as unit:
        if unit.answer is None:
            unit.answer = answer(201, await kept(jobs, unit.connection, caller, body))
    return unit.answer


async def amend(jobs: Jobs, caller: Principal, posting_id: str, expected: int, body: PostingChanges) -> Answer:
    """Amend the version that the caller saw; without a difference nothing happens.

    Raises PostingNotFound, VersionMismatch, OutsideRegion, PostingWithdrawn, PostingUnlawful, InvalidInput, PostingExists."""
    async with jobs.store.write() as connection:
        before = await existing(connection, caller, posting_id)
        check_version(expected, before.version)
        now, today = jobs.clock.now(), jobs.clock.today()
        named = before
        if body.employer_name is not None:
            employer = await employer_named(connection, caller, None, Profile(body.employer_name), now)
            named = replace(before, employer_id=employer.id, sandbox=employer.sandbox)
        changes = opening_fields(body, before.opening)
        verdict = verdict_on(jobs, caller, replace(before.opening, **changes))
        after = named.amend(changes, verdict, now, today)
        check_region(after, caller)
        if after is not named:
            with number_free():
                await record(connection, jobs.audit, [Change(before, after)], now)
    return answer(200, after)


async def move(jobs: Jobs, caller: Principal, posting_id: str, step: Callable[[Posting], Posting], call: Call | None) -> Answer:
    """One step of a posting's life; a step that changes nothing keeps nothing.

    Raises PostingNotFound, and what `step` raises."""
    async with jobs.idempotency.transaction(jobs.store, call) as unit:
        if unit.answer is None:
            before = await existing(unit.connection, caller, posting_id)
            after = step(before)
            if after is not before:
                await record(unit.connection, jobs.audit, [Change(before, after)], jobs.clock.now())
            unit.answer = answer(200, after)
    return unit.answer
