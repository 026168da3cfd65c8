"""What changes training: each function is one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.audit import Entry
from services.kernel.audit.actor import present
from services.kernel.http.auth import Scope
from services.kernel.http.idempotency import Answer, Call
from services.kernel.http.preconditions import check_version, etag
from services.kernel.ids import new_id
from services.workers.errors import OutsideRegion, WorkerNotFound, WorkerWithdrawn, refused
from services.workers.profile import State, Worker, differences
from services.workers.resources import WorkersService
from services.workers.training import repository
from services.workers.training.course import ENROLMENT_PREFIX, ID_PREFIX, Course, CourseState, Enrolment, Result
from services.workers.training.errors import CourseClosed, CourseNotFound, NoSeatsLeft, NotEnrolled
from services.workers.training.graduation import Paper, graduated
from services.workers.training.schemas import CourseChanges, CourseView, NewCourse, PaperFields, WorkerResult
from services.workers.writing import amended, keep_all


async def plan(service: WorkersService, scope: Scope, body: NewCourse, call: Call | None) -> Answer:
    """Announce a course. Raises OutsideRegion, InvalidInput, and what Idempotency.transaction raises."""
    if not scope.serves(body.division_code):
        raise OutsideRegion()
    async with service.idempotency.transaction(service.store, call) as unit:
        if unit.answer is None:
            given = body.model_dump() | {"certificate": body.certificate or ""}
            now = service.clock.now()
            course = Course(id=new_id(ID_PREFIX), version=1, state=CourseState.PLANNED, changed_at=now, **given)
            _check(course)
            await repository.add(unit.connection, course)
            await service.audit.record(unit.connection, Entry("course.planned", course.id))
            unit.answer = _answer(201, course, 0)
    return unit.answer


async def amend(service: WorkersService, scope: Scope, course_id: str, expected: int, body: CourseChanges) -> Answer:
    """Amend or cancel a course; fewer seats than are taken are refused. Raises CourseNotFound, VersionMismatch, NoSeatsLeft,
    InvalidInput."""
    async with service.store.write() as connection:
        before = await _existing(connection, scope, course_id)
        check_version(expected, before.version)
        given = body.model_dump(exclude_unset=True)
        course = before.changed(service.clock.now(), **given)
        _check(course)
        taken = (await repository.seated(connection, [course_id])).get(course_id, 0)
        if course.seats < taken:
            raise NoSeatsLeft(f"已有 {taken} 人占用名额")
        if course is not before:
            await repository.change(connection, course)
            await service.audit.record(connection, Entry("course.amended", course.id, tuple(given)))
    return _answer(200, course, taken)


async def enrol(service: WorkersService, scope: Scope, course_id: str, worker_ids: Sequence[str]) -> Answer:
    """Put workers on the list, all or none; who is on it already keeps the seat. Raises CourseNotFound, CourseClosed,
    NoSeatsLeft, WorkerNotFound, WorkerWithdrawn."""
    wanted = list(dict.fromkeys(worker_ids))
    async with service.store.write() as connection:
        course = await _existing(connection, scope, course_id)
        if not course.takes_part(service.clock.today()):
            raise CourseClosed()
        await _served(service, connection, scope, wanted)
        now = service.clock.now()
        known = await repository.enrolled(connection, course_id, wanted)
        again = [one for one in known.values() if one.result in (Result.ABSENT, Result.CANCELLED)]
        new = [Enrolment(new_id(ENROLMENT_PREFIX), course_id, id_, Result.ENROLLED, now) for id_ in wanted if id_ not in known]
        taken = (await repository.seated(connection, [course_id])).get(course_id, 0) + len(new) + len(again)
        if taken > course.seats:
            raise NoSeatsLeft(f"共 {course.seats} 个名额，要占用 {taken} 个")
        await repository.enrol(connection, new)
        back = [replace(one, result=Result.ENROLLED, enrolled_at=now, decided_at=None) for one in again]
        await repository.decide(connection, back)
        entries = (Entry("training.enrolled", one.worker_id) for one in (*new, *back))
        await service.audit.record(connection, *entries)
    return _answer(200, course, taken)


async def decide(service: WorkersService, scope: Scope, course_id: str, results: Sequence[WorkerResult]) -> Answer:
    """Keep how a course ended for these workers, all or none; who completed it gets course and certificate into the profile.

    Telling the same again changes nothing. Raises CourseNotFound, CourseClosed, NotEnrolled, WorkerNotFound, WorkerWithdrawn,
    InvalidInput."""
    async with service.store.write() as connection:
        course = await _existing(connection, scope, course_id)
        if not course.has_ended(service.clock.today()):
            raise CourseClosed()
        asked = {one.worker_id: one for one in results}
        workers = await _served(service, connection, scope, list(asked))
        known = await repository.enrolled(connection, course_id, list(asked))
        if missing := [id_ for id_ in asked if id_ not in known]:
            raise NotEnrolled("、".join(missing[:5]))
        now = service.clock.now()
        changed = [
            replace(known[id_], result=Result(one.result), decided_at=now)
            for id_, one in asked.items()
            if known[id_].result != one.result
        ]
        await repository.decide(connection, changed)
        await _graduate(service, connection, course, workers, asked)
        await service.audit.record(connection, *(Entry(f"training.{one.result}", one.worker_id) for one in changed))
        taken = (await repository.seated(connection, [course_id])).get(course_id, 0)
    return _answer(200, course, taken)


async def _graduate(
    service: WorkersService,
    connection: AsyncConnection,
    course: Course,
    workers: Mapping[str, Worker],
    asked: Mapping[str, WorkerResult],
) -> None:
    today, actor = service.clock.today(), present().id
    after: list[Worker] = []
    entries: list[Entry] = []
    for id_, one in asked.items():
        if one.result != "completed":
            continue
        before = workers[id_]
        profile = graduated(before.profile, course, _paper(one.certificate), actor, today)
        if broken := list(profile.stated.violations(today)):
            raise refused(broken)
        worker = amended(service, before, profile)
        if worker is not before:
            after.append(worker)
            entries.append(Entry("worker.trained", id_, differences(before.profile, profile)))
    if after:
        await keep_all(service, connection, after, entries)


def _paper(given: PaperFields | None) -> Paper | None:
    return Paper(**given.model_dump()) if given is not None else None


async def _existing(connection: AsyncConnection, scope: Scope, course_id: str) -> Course:
    course = await repository.get(connection, course_id, scope, lock=True)
    if course is None:
        raise CourseNotFound()
    return course


async def _served(
    service: WorkersService, connection: AsyncConnection, scope: Scope, worker_ids: Sequence[str]
) -> Mapping[str, Worker]:
    """The registered workers of these ids, all of them whom the caller serves. Raises WorkerNotFound, WorkerWithdrawn."""
    found = await service.workers.by_ids(connection, worker_ids)
    for id_ in worker_ids:
        if id_ not in found or not scope.serves(found[id_].profile.county_code):
            raise WorkerNotFound(id_)
        if found[id_].state is State.WITHDRAWN:
            raise WorkerWithdrawn(id_)
    return found


def _check(course: Course) -> None:
    if broken := list(course.violations()):
        raise refused(broken)


def _answer(status: int, course: Course, taken: int) -> Answer:
    headers = {"ETag": etag(course.version), "Location": f"/v1/training/courses/{course.id}"}
    return Answer.of(status, CourseView.of(course, taken), headers)
