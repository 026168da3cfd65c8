"""The route of /v1/postings/understand: words in, facts and findings out; nothing is stored."""

from typing import Final

from fastapi import APIRouter, Depends, Request

from services.contracts.permissions import Permission
from services.jobs.compliance import check
from services.jobs.understanding.schemas import Told, Understood
from services.jobs.understanding.understand import understand
from services.kernel.http.auth import require
from services.kernel.http.documentation import problem_responses

router: Final = APIRouter(prefix="/v1/postings", tags=["postings"])


@router.post("/understand", dependencies=[Depends(require(Permission.POSTINGS_WRITE))], responses=problem_responses(422))
def understand_posting(told: Told, request: Request) -> Understood:
    """What a pasted message or a row says, with the words for it, its contradictions, and what the law has against it."""
    today, notice = request.app.state.jobs.clock.today(), told.notice()
    return Understood.of(understand(notice, today), check(notice, today))
