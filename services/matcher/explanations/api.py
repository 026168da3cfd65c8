"""The routes of explanations and of what was understood."""

from typing import Final

from fastapi import APIRouter

from services.kernel.http.documentation import problem_responses
from services.matcher.api import MinVersion, Reader, Resources
from services.matcher.explanations import queries
from services.matcher.explanations.schemas import Explanation, WorkerFactsView

router = APIRouter(prefix="/v1", tags=["matches"])
ROUTERS: Final = (router,)


@router.get("/postings/{posting_id}/candidates/{worker_id}/explanation", responses=problem_responses(404))
async def explain_candidate(posting_id: str, worker_id: str, resources: Resources, reader: Reader) -> Explanation:
    """Why this worker stands where they stand for this opening, or in no list, and what would change it."""
    return await queries.candidate(resources, reader, posting_id, worker_id)


@router.get("/workers/{worker_id}/openings/{posting_id}/explanation", responses=problem_responses(404))
async def explain_opening(worker_id: str, posting_id: str, resources: Resources, reader: Reader) -> Explanation:
    """The same from the worker's side, in words for the worker."""
    return await queries.opening(resources, reader, worker_id, posting_id)


@router.get("/workers/{worker_id}/facts", responses=problem_responses(403, 404))
async def worker_facts(worker_id: str, resources: Resources, reader: Reader, min_version: MinVersion = 0) -> WorkerFactsView:
    """What was understood of a person's words, with the words; for staff."""
    return await queries.facts(resources, reader, worker_id, min_version)
