"""The routes of /v1/workers/quality."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.kernel.http.paging import Cursor, Limit, Page
from services.workers.api import county
from services.workers.dependencies import Reader, Resources
from services.workers.quality import queries
from services.workers.quality.reports import QualityOfProfile, QualityReport

router = APIRouter(prefix="/v1/workers/quality", tags=["quality"])
County = Annotated[str | None, Depends(county)]


@router.get("")
async def report_quality(resources: Resources, reader: Reader, county_code: County) -> QualityReport:
    """How complete the register is, by county, or by the townships of one; what would help matching most."""
    return await queries.report(resources, reader.scope, county_code)


@router.get("/profiles")
async def list_incomplete(
    resources: Resources, reader: Reader, county_code: County, limit: Limit = 50, cursor: Cursor = None
) -> Page[QualityOfProfile]:
    """The registered, those whose profiles lack most first."""
    return await queries.profiles(resources, reader.scope, county_code, cursor, limit)
