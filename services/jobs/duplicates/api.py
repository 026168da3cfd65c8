"""The routes of /v1/postings/duplicates."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from services.jobs.api import Resources
from services.jobs.duplicates import commands
from services.jobs.duplicates.schemas import Decision, Pairs, PairView
from services.jobs.lifecycle.api import Reviewer
from services.kernel.http.documentation import problem_responses

router = APIRouter(prefix="/v1/postings/duplicates", tags=["postings"])


@router.get("")
async def list_duplicates(
    resources: Resources,
    staff: Reviewer,
    state: Literal["proposed", "merged", "rejected"] = "proposed",
    limit: Annotated[int, Query(ge=1, le=200, description="pairs in the answer")] = 50,
) -> Pairs:
    """Pairs that may be one opening that came by two channels, the latest first."""
    return await commands.pairs(resources, staff, state, limit)


@router.post("/{first_id}/{second_id}/decision", responses=problem_responses(409))
async def decide_duplicate(first_id: str, second_id: str, body: Decision, resources: Resources, staff: Reviewer) -> PairView:
    """Merge a pair, or tell it apart."""
    return await commands.decide(resources, staff, first_id, second_id, body)
