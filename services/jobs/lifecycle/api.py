"""The routes of a posting's steps."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.contracts.permissions import Permission
from services.jobs import commands, queries
from services.jobs.api import Reader, Resources, Retryable, Writer
from services.jobs.lifecycle.schemas import Filling, Pause, Renewal, Review, Submission, Withdrawal
from services.jobs.posting import Posting
from services.jobs.views import PostingView, Step
from services.kernel.http.auth import Principal, require
from services.kernel.http.documentation import problem_responses

router = APIRouter(prefix="/v1/postings/{posting_id}", tags=["postings"])
Reviewer = Annotated[Principal, Depends(require(Permission.POSTINGS_REVIEW))]
_REFUSALS = problem_responses(409, 422)


@router.get("/history")
async def read_history(posting_id: str, resources: Resources, reader: Reader) -> list[Step]:
    """What became of the posting, version by version."""
    return await queries.steps(resources, reader, posting_id)


@router.post("/submission", response_model=PostingView, responses=_REFUSALS)
async def submit_posting(
    posting_id: str, resources: Resources, writer: Writer, call: Retryable, body: Submission | None = None
) -> Response:
    """Hand a draft in: shown, waiting for a person, or a draft still with what the law forbids about it."""
    now, today = resources.clock.now(), resources.clock.today()
    days = commands.window_days(resources, body.priority_window_days if body else None)

    def submit(posting: Posting) -> Posting:
        return posting.submit(commands.verdict_on(resources, writer, posting.opening), now, today, days)

    return (await commands.move(resources, writer, posting_id, submit, call)).response()


@router.post("/review", response_model=PostingView, responses=_REFUSALS)
async def review_posting(posting_id: str, body: Review, resources: Resources, staff: Reviewer, call: Retryable) -> Response:
    """Staff show what waits for a person, or return it."""
    now, today = resources.clock.now(), resources.clock.today()
    days = commands.window_days(resources, body.priority_window_days)

    def review(posting: Posting) -> Posting:
        approved = body.decision == "approve"
        return posting.review(approved=approved, reason=body.reason, now=now, today=today, window_days=days)

    return (await commands.move(resources, staff, posting_id, review, call)).response()


@router.post("/pause", response_model=PostingView, responses=_REFUSALS)
async def pause_posting(
    posting_id: str, resources: Resources, writer: Writer, call: Retryable, body: Pause | None = None
) -> Response:
    """Show it to nobody for a while."""
    why = body or Pause()
    now = resources.clock.now()
    return (
        await commands.move(resources, writer, posting_id, lambda one: one.pause(why.reason_code, why.reason, now), call)
    ).response()


@router.post("/resumption", response_model=PostingView, responses=_REFUSALS)
async def resume_posting(posting_id: str, resources: Resources, writer: Writer, call: Retryable) -> Response:
    """Show a paused or filled posting again."""
    now, today = resources.clock.now(), resources.clock.today()
    return (await commands.move(resources, writer, posting_id, lambda one: one.resume(now, today), call)).response()


@router.post("/renewal", response_model=PostingView, responses=_REFUSALS)
async def renew_posting(posting_id: str, body: Renewal, resources: Resources, writer: Writer, call: Retryable) -> Response:
    """Give it a later last day; an expired posting is shown again."""
    now, today = resources.clock.now(), resources.clock.today()

    def renew(posting: Posting) -> Posting:
        return posting.amend({"valid_until": body.valid_until}, posting.verdict, now, today)

    return (await commands.move(resources, writer, posting_id, renew, call)).response()


@router.post("/filling", response_model=PostingView, responses=_REFUSALS)
async def fill_posting(
    posting_id: str, resources: Resources, writer: Writer, call: Retryable, body: Filling | None = None
) -> Response:
    """Everybody was found; it can be resumed when somebody drops out."""
    now = resources.clock.now()
    reason = body.reason if body else ""
    return (await commands.move(resources, writer, posting_id, lambda one: one.fill(reason, now), call)).response()


@router.post("/withdrawal", response_model=PostingView, responses=_REFUSALS)
async def withdraw_posting(
    posting_id: str, resources: Resources, writer: Writer, call: Retryable, body: Withdrawal | None = None
) -> Response:
    """Close a posting for good. Searches stop showing it at once."""
    why = body or Withdrawal()
    now = resources.clock.now()
    return (
        await commands.move(resources, writer, posting_id, lambda one: one.withdraw(why.reason_code, why.reason, now), call)
    ).response()
