"""What reads training."""

from services.kernel.http.auth import Scope
from services.kernel.http.paging import Page
from services.kernel.vault.masking import mask_name
from services.workers.resources import WorkersService
from services.workers.training import repository
from services.workers.training.course import Course
from services.workers.training.errors import CourseNotFound
from services.workers.training.repository import CourseFilter
from services.workers.training.schemas import CourseView, EnrolmentList, EnrolmentView


async def course(service: WorkersService, scope: Scope, course_id: str) -> tuple[Course, int]:
    """A course, and how many seats are taken. Raises CourseNotFound."""
    async with service.store.read() as connection:
        found = await repository.get(connection, course_id, scope)
        if found is None:
            raise CourseNotFound()
        return found, (await repository.seated(connection, [course_id])).get(course_id, 0)


async def page(service: WorkersService, scope: Scope, wanted: CourseFilter, cursor: str | None, limit: int) -> Page[CourseView]:
    """A page of courses, newest first. Raises BadRequest (bad_cursor)."""
    day = wanted.from_day.isoformat() if wanted.from_day else None
    query = {
        "list": "courses",
        "occupation": wanted.occupation,
        "division_code": wanted.division_code,
        "brand_id": wanted.brand_id,
        "from_day": day,
    }
    after = str(service.cursors.decode(cursor, query)[0]) if cursor is not None else None
    async with service.store.read() as connection:
        found = await repository.page(connection, scope, wanted, after, limit + 1)
        shown = found[:limit]
        taken = await repository.seated(connection, [one.id for one in shown])
    return Page[CourseView](
        items=[CourseView.of(one, taken.get(one.id, 0)) for one in shown],
        next_cursor=service.cursors.encode([shown[-1].id], query) if len(found) > limit else None,
    )


async def enrolments(service: WorkersService, scope: Scope, course_id: str) -> EnrolmentList:
    """Who takes part in a course. Raises CourseNotFound."""
    found, taken = await course(service, scope, course_id)
    async with service.store.read() as connection:
        listed = await repository.enrolments(connection, course_id, scope)
        workers = await service.workers.by_ids(connection, [one.worker_id for one in listed])
    items = [
        EnrolmentView(
            worker_id=one.worker_id,
            masked_name=mask_name(workers[one.worker_id].profile.name),
            number=workers[one.worker_id].profile.number,
            result=one.result,
            enrolled_at=one.enrolled_at,
            decided_at=one.decided_at,
        )
        for one in listed
    ]
    return EnrolmentList(course=CourseView.of(found, taken), items=items)
