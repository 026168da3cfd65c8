"""The routes of /v1/workers/statistics."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.kernel.http.documentation import problem_responses
from services.kernel.imports.routes import attachment
from services.kernel.text_sheets import XLSX
from services.workers.api import county
from services.workers.dependencies import SHEET, Reader, Resources
from services.workers.statistics import queries
from services.workers.statistics.cube import Dimension, Statistic
from services.workers.statistics.schemas import Statistics
from services.workers.statistics.workbook import workbook

router = APIRouter(prefix="/v1/workers", tags=["statistics"])
County = Annotated[str | None, Depends(county)]
AsOf = Annotated[date | None, Query(description="as the register stood at the end of this day; today if left out")]
By = Annotated[list[Dimension], Query(max_length=6, description="count by these, in this order")]


@router.get("/statistics", responses=problem_responses(400))
async def read_statistics(
    resources: Resources,
    reader: Reader,
    county_code: County,
    as_of: AsOf = None,
    by: By = ["county", "category"],  # noqa: B006
) -> Statistics:
    """The register counted, as it stood on a day."""
    statistic = Statistic(as_of or resources.clock.today(), by, county_code)
    return await queries.statistics(resources, reader.scope, statistic)


@router.get("/statistics.xlsx", response_class=Response, responses=SHEET | problem_responses(400))
async def statistics_sheet(resources: Resources, reader: Reader, county_code: County, as_of: AsOf = None) -> Response:
    """The tables of a day: by county, or by the townships of one."""
    day = as_of or resources.clock.today()
    content = await workbook(resources, reader.scope, day, county_code)
    return attachment(content, f"劳动力统计-{day}.xlsx", XLSX)
