"""The routes of /v1/households."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from services.kernel.http.documentation import problem_responses
from services.kernel.http.paging import Cursor, Limit, Page
from services.kernel.http.preconditions import etag
from services.workers.api import county
from services.workers.dependencies import Expected, Reader, Resources, Retryable, Writer
from services.workers.fields import HouseholdCategory
from services.workers.households import commands, queries
from services.workers.households.repository import Wanted
from services.workers.households.schemas import HouseholdChanges, HouseholdView, NewCategory, NewHousehold

router = APIRouter(tags=["households"])


def wanted(
    county_code: Annotated[str | None, Depends(county)],
    *,
    township: Annotated[str | None, Query(max_length=64)] = None,
    category: Annotated[HouseholdCategory | None, Query(description="where they stand, as last written")] = None,
    zero_employment: Annotated[
        bool | None, Query(description="true: certainly nobody in work; false: certainly somebody")
    ] = None,
) -> Wanted:
    """Which households a list shows."""
    return Wanted(county_code, township, category, zero_employment)


@router.post("/v1/households", status_code=201, response_model=HouseholdView, responses=problem_responses(403, 404, 409, 422))
async def enter_household(body: NewHousehold, resources: Resources, writer: Writer, call: Retryable) -> Response:
    """Enter a household; its members' records take over its category."""
    return (await commands.enter(resources, writer.scope, body, call)).response()


@router.get("/v1/households")
async def list_households(
    resources: Resources, reader: Reader, chosen: Annotated[Wanted, Depends(wanted)], limit: Limit = 50, cursor: Cursor = None
) -> Page[HouseholdView]:
    """Households in the order in which they were entered; zero-employment households (零就业家庭) among them."""
    return await queries.page(resources, reader.scope, chosen, cursor, limit)


@router.get("/v1/households/{household_id}", responses=problem_responses(404))
async def read_household(household_id: str, resources: Resources, reader: Reader, response: Response) -> HouseholdView:
    """One household; the version is the ETag."""
    found = await queries.household(resources, reader.scope, household_id)
    response.headers["ETag"] = etag(found.version)
    return found


@router.get("/v1/workers/{worker_id}/household", responses=problem_responses(404))
async def read_household_of(worker_id: str, resources: Resources, reader: Reader) -> HouseholdView:
    """The household of a worker."""
    return await queries.of_worker(resources, reader.scope, worker_id)


@router.patch("/v1/households/{household_id}", response_model=HouseholdView, responses=problem_responses(404, 409, 412, 428))
async def amend_household(
    household_id: str, body: HouseholdChanges, resources: Resources, writer: Writer, expected: Expected
) -> Response:
    """Amend a household: the fields given, in the version seen (If-Match)."""
    return (await commands.amend(resources, writer.scope, household_id, expected, body)).response()


@router.post(
    "/v1/households/{household_id}/categories", response_model=HouseholdView, responses=problem_responses(404, 412, 428)
)
async def recategorise_household(
    household_id: str, body: NewCategory, resources: Resources, writer: Writer, expected: Expected
) -> Response:
    """Another category from a day on (If-Match); the one before ends the day before, members' records follow."""
    return (await commands.recategorise(resources, writer.scope, household_id, expected, body)).response()
