"""All SQL of training. Every function works in the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel import scoping
from services.kernel.http.auth import Scope
from services.workers.tables import training, workers
from services.workers.training.course import SEATED, Course, CourseState, Enrolment, Result

_COURSE: Final = tuple(field.name for field in fields(Course))
_ENROLMENT: Final = tuple(field.name for field in fields(Enrolment))


@dataclass(frozen=True, slots=True)
class CourseFilter:
    """Which courses a list shows; None does not ask. `from_day`: those that have not ended before."""

    occupation: str | None = None
    division_code: str | None = None
    brand_id: str | None = None
    from_day: date | None = None


async def add(connection: AsyncConnection, course: Course) -> None:
    """Keep a new course."""
    await connection.execute(insert(training.courses), _values(course))


async def change(connection: AsyncConnection, course: Course) -> None:
    """Keep a course in place of its version before."""
    values = {name: value for name, value in _values(course).items() if name != "id"}
    await connection.execute(update(training.courses).where(training.courses.c.id == course.id).values(values))


async def get(connection: AsyncConnection, course_id: str, scope: Scope, *, lock: bool = False) -> Course | None:
    """The course, if it is held where the caller serves; `lock` keeps its seats ours for the rest of the transaction."""
    statement = select(training.courses).where(training.courses.c.id == course_id, _reachable(scope))
    row = (await connection.execute(statement.with_for_update() if lock else statement)).one_or_none()
    return _course(row) if row is not None else None


async def page(
    connection: AsyncConnection, scope: Scope, wanted: CourseFilter, after_id: str | None, limit: int
) -> Sequence[Course]:
    """Up to `limit` courses held where the caller serves, newest first."""
    courses = training.courses
    statement = select(courses).where(_reachable(scope), *_conditions(wanted)).order_by(courses.c.id.desc()).limit(limit)
    if after_id is not None:
        statement = statement.where(courses.c.id < after_id)
    return [_course(row) for row in await connection.execute(statement)]


async def seated(connection: AsyncConnection, course_ids: Sequence[str]) -> Mapping[str, int]:
    """Course -> seats that are taken."""
    enrolments = training.enrolments
    taken = enrolments.c.course_id.in_(course_ids) & enrolments.c.result.in_([str(result) for result in SEATED])
    counted = select(enrolments.c.course_id, func.count()).where(taken).group_by(enrolments.c.course_id)
    return {course_id: int(count) for course_id, count in await connection.execute(counted)}


async def enrolments(connection: AsyncConnection, course_id: str, scope: Scope) -> Sequence[Enrolment]:
    """Who takes part, of those the caller serves, in the order of enrolling."""
    table = training.enrolments
    mine = select(table).join(workers, workers.c.id == table.c.worker_id).where(table.c.course_id == course_id)
    reached = mine.where(scoping.residents(scope, workers.c.county_code)).order_by(table.c.id)
    return [_enrolment(row) for row in await connection.execute(reached)]


async def enrolled(connection: AsyncConnection, course_id: str, worker_ids: Sequence[str]) -> Mapping[str, Enrolment]:
    """Worker -> enrolment in this course."""
    table = training.enrolments
    asked = select(table).where(table.c.course_id == course_id, table.c.worker_id.in_(worker_ids))
    return {row.worker_id: _enrolment(row) for row in await connection.execute(asked)}


async def of_worker(connection: AsyncConnection, worker_id: str) -> Sequence[tuple[Enrolment, Course]]:
    """All courses of a worker, newest first."""
    table, courses = training.enrolments, training.courses
    mine = select(table).where(table.c.worker_id == worker_id).order_by(table.c.id.desc())
    found = [_enrolment(row) for row in await connection.execute(mine)]
    held = select(courses).where(courses.c.id.in_([one.course_id for one in found]))
    by_id = {row.id: _course(row) for row in await connection.execute(held)}
    return [(one, by_id[one.course_id]) for one in found]


async def enrol(connection: AsyncConnection, new: Sequence[Enrolment]) -> None:
    """Keep new enrolments. Raises IntegrityError for a worker who is on the list already."""
    if new:
        await connection.execute(insert(training.enrolments), [_enrolment_values(one) for one in new])


async def decide(connection: AsyncConnection, changed: Sequence[Enrolment]) -> None:
    """Keep enrolments in place of what they were."""
    table = training.enrolments
    for one in changed:
        await connection.execute(update(table).where(table.c.id == one.id).values(_enrolment_values(one)))


def _reachable(scope: Scope) -> ColumnElement[bool]:
    return scoping.residents(scope, training.courses.c.division_code)


def _conditions(wanted: CourseFilter) -> list[ColumnElement[bool]]:
    courses = training.courses
    asked = {"occupation": wanted.occupation, "division_code": wanted.division_code, "brand_id": wanted.brand_id}
    conditions = [courses.c[name] == value for name, value in asked.items() if value is not None]
    return conditions if wanted.from_day is None else [*conditions, courses.c.ends_on >= wanted.from_day]


def _values(course: Course) -> dict[str, Any]:
    return {name: getattr(course, name) for name in _COURSE} | {"state": str(course.state)}


def _course(row: Row[Any]) -> Course:
    return Course(**{name: getattr(row, name) for name in _COURSE if name != "state"}, state=CourseState(row.state))


def _enrolment_values(one: Enrolment) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _ENROLMENT} | {"result": str(one.result)}


def _enrolment(row: Row[Any]) -> Enrolment:
    return Enrolment(**{name: getattr(row, name) for name in _ENROLMENT if name != "result"}, result=Result(row.result))
