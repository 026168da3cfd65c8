"""The route of /v1/proposals."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.contracts.permissions import Permission
from services.kernel.http.auth import Principal, require
from services.matcher.api import Resources
from services.matcher.proposals import queries
from services.matcher.proposals.schemas import CourseProposals

router = APIRouter(prefix="/v1/proposals", tags=["proposals"])

Reader = Annotated[Principal, Depends(require(Permission.TRAINING_READ))]


@router.get("/courses")
async def propose_courses(
    resources: Resources,
    reader: Reader,
    division_code: Annotated[str | None, Query(max_length=12, description="GB/T 2260: only who lives there")] = None,
) -> CourseProposals:
    """Courses worth holding: papers that published openings insist on and that are all somebody lacks (“12 人只差健康证”)."""
    return await queries.courses(resources, reader.scope, division_code)
