"""The routes of /v1/training."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.contracts.permissions import Permission
from services.kernel.http.auth import Principal, require
from services.kernel.http.documentation import problem_responses
from services.kernel.http.paging import Cursor, Limit, Page
from services.kernel.http.preconditions import etag, not_modified
from services.workers.dependencies import Expected, Resources, Retryable
from services.workers.training import commands, queries
from services.workers.training.repository import CourseFilter
from services.workers.training.schemas import CourseChanges, CourseView, Enrolling, EnrolmentList, NewCourse, Results

router = APIRouter(prefix="/v1/training/courses", tags=["training"])

Reader = Annotated[Principal, Depends(require(Permission.TRAINING_READ))]
Writer = Annotated[Principal, Depends(require(Permission.TRAINING_WRITE))]
Code = Annotated[str | None, Query(max_length=64)]


@router.post("", status_code=201, response_model=CourseView, responses=problem_responses(403, 409, 422))
async def plan_course(body: NewCourse, resources: Resources, writer: Writer, call: Retryable) -> Response:
    """Announce a course: for which work, by whom, where, when, how many seats, what subsidy."""
    return (await commands.plan(resources, writer.scope, body, call)).response()


@router.get("")
async def list_courses(
    resources: Resources,
    reader: Reader,
    *,
    occupation: Code = None,
    division_code: Code = None,
    brand_id: Code = None,
    upcoming: bool = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[CourseView]:
    """Courses held where the caller serves, newest first; `upcoming`: those that have not ended."""
    from_day = resources.clock.today() if upcoming else None
    return await queries.page(
        resources, reader.scope, CourseFilter(occupation, division_code, brand_id, from_day), cursor, limit
    )


@router.get("/{course_id}", response_model=CourseView, responses=problem_responses(404))
async def read_course(
    course_id: str, resources: Resources, reader: Reader, request: Request, response: Response
) -> Response | CourseView:
    """One course; the version is the ETag."""
    course, taken = await queries.course(resources, reader.scope, course_id)
    response.headers["ETag"] = etag(course.version)
    return not_modified(request, course.version) or CourseView.of(course, taken)


@router.patch("/{course_id}", response_model=CourseView, responses=problem_responses(404, 409, 412, 428))
async def amend_course(
    course_id: str, body: CourseChanges, resources: Resources, writer: Writer, expected: Expected
) -> Response:
    """Amend or cancel a course, in the version seen (If-Match)."""
    return (await commands.amend(resources, writer.scope, course_id, expected, body)).response()


@router.get("/{course_id}/enrolments", responses=problem_responses(404))
async def list_enrolments(course_id: str, resources: Resources, reader: Reader) -> EnrolmentList:
    """Who takes part, and how it ended for them."""
    return await queries.enrolments(resources, reader.scope, course_id)


@router.post("/{course_id}/enrolments", response_model=CourseView, responses=problem_responses(404, 409))
async def enrol_workers(course_id: str, body: Enrolling, resources: Resources, writer: Writer) -> Response:
    """Put workers on the list by their ids, all or none."""
    return (await commands.enrol(resources, writer.scope, course_id, body.worker_ids)).response()


@router.post("/{course_id}/results", response_model=CourseView, responses=problem_responses(404, 409))
async def keep_results(course_id: str, body: Results, resources: Resources, writer: Writer) -> Response:
    """Keep how it ended; who completed it gets course and certificate into the profile."""
    return (await commands.decide(resources, writer.scope, course_id, body.results)).response()
