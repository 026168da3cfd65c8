"""A caller's scope compiled into a condition of SQL or a filter of the index: one line wherever records are read or changed.

    select(workers).where(workers.c.id == worker_id, scoping.residents(scope, workers.c.county_code))

What belongs to a record is reached through it: `followups.c.worker_id.in_(reachable)`, where `reachable` selects the ids of
workers that are in scope. A record out of scope is not found (404): the caller is not told that it exists.
Outside the database, `Scope.serves` and `Scope.keeps` say the same of one record.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, or_, true

from services.kernel.http.auth import Scope, division_prefix
from services.kernel.index.port import AnyOf, Query, Term


def residents(scope: Scope, county_code: ColumnElement[str]) -> ColumnElement[bool]:
    """Records of people who live where this scope serves."""
    return _within(scope.regions, county_code)


def writable(scope: Scope, employer_id: ColumnElement[str | None], place: ColumnElement[str]) -> ColumnElement[bool]:
    """Postings that this scope may write; `place` is the deepest division code known."""
    if scope.employer_id is not None:
        return employer_id == scope.employer_id
    return _within(scope.workplaces, place)


def readable(
    scope: Scope, published: ColumnElement[bool], employer_id: ColumnElement[str | None], place: ColumnElement[str]
) -> ColumnElement[bool]:
    """Postings that this scope may read: an employer its own, everybody else those published and those it may write."""
    may_write = writable(scope, employer_id, place)
    return may_write if scope.employer_id is not None else or_(published, may_write)


def residents_indexed(scope: Scope) -> Query | None:
    """The same as `residents` for documents that hold province_code, prefecture_code, county_code; None is no bound."""
    if scope.regions is None:
        return None
    levels = {"province_code": 2, "prefecture_code": 4, "county_code": 6}
    terms = [
        Term(field, [code for code in sorted(scope.regions) if len(division_prefix(code)) == digits])
        for field, digits in levels.items()
    ]
    return AnyOf([term for term in terms if term.values])


def _within(regions: Iterable[str] | None, column: ColumnElement[str]) -> ColumnElement[bool]:
    if regions is None:
        return true()
    prefixes = [division_prefix(code) for code in sorted(regions)]
    # A range rather than LIKE: both databases answer it from an index, and digits sort alike in every collation.
    return or_(false(), *(and_(column >= prefix, column < _after(prefix)) for prefix in prefixes))


def _after(prefix: str) -> str:
    return str(int(prefix) + 1).zfill(len(prefix))
