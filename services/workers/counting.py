"""What several reports count, in SQL."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, case, func, or_

from services.workers.tables import workers


def how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """For how many rows of a group the condition holds."""
    return func.sum(case((condition, 1), else_=0))


def stale_intention(on: date, days: int) -> ColumnElement[bool]:
    """The intention was never told, or longer than so many days ago."""
    confirmed = workers.c.intention_confirmed_on
    return or_(confirmed.is_(None), confirmed < on - timedelta(days=days))
