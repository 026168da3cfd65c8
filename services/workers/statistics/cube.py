"""The register as it stood at the end of a day, counted by what statistics ask for.

A version stands from its `changed_at` until it is superseded; a day ends at midnight in China.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal, get_args

from sqlalchemy import CTE, ColumnElement, Select, Subquery, case, func, literal, literal_column, select, union_all

from services.contracts.vocabulary import codes, divisions
from services.kernel import scoping
from services.kernel.clock import CHINA
from services.kernel.http.auth import Scope
from services.workers.profile import State
from services.workers.tables import worker_versions, workers

Dimension = Literal[
    "prefecture",
    "county",
    "township",
    "category",
    "status",
    "willingness",
    "destination",
    "freshness",
    "education",
    "sex",
    "ethnicity",
    "age",
]
DIMENSIONS: Final[Sequence[Dimension]] = get_args(Dimension)
NOT_KNOWN: Final = "not_known"
_COLUMNS: Final = (
    *("county_code", "township", "household_category", "employment_status", "willingness", "destination"),
    *("intention_confirmed_on", "education", "sex", "ethnicity", "birth_date"),
)
_FRESH: Final = ((30, "F030", "30 天内"), (90, "F090", "31–90 天"), (180, "F180", "91–180 天"), (365, "F365", "181–365 天"))
_OLDER: Final = ("F999", "一年以上")
_AGES: Final = ((18, "16–17 岁"), (25, "18–24 岁"), (35, "25–34 岁"), (45, "35–44 岁"), (55, "45–54 岁"), (60, "55–59 岁"))
_OLDEST: Final = "60 岁以上"
_SEXES: Final = {"male": "男", "female": "女"}


@dataclass(frozen=True, slots=True)
class Statistic:
    """What to count: the register as of the end of `as_of`, by these dimensions; None does not ask."""

    as_of: date
    by: Sequence[Dimension]
    county_code: str | None = None


def counted(scope: Scope, statistic: Statistic) -> Select[Any]:
    """The registered of that day in scope, counted: a column for each dimension, and `workers`."""
    stood = _register(statistic.as_of)
    keys = [_column(name, stood, statistic.as_of).label(name) for name in statistic.by]
    asked = [stood.c.county_code == statistic.county_code] if statistic.county_code is not None else []
    statement = select(*keys, func.count().label("workers")).where(scoping.residents(scope, stood.c.county_code), *asked)
    order: list[ColumnElement[Any]] = [literal_column(name) for name in statistic.by]
    return statement.group_by(*order).order_by(*order) if order else statement


def _register(as_of: date) -> Subquery:
    end = datetime.combine(as_of + timedelta(days=1), time(), CHINA)
    present = select(*(workers.c[name] for name in _COLUMNS)).where(
        workers.c.state == State.REGISTERED.value, workers.c.changed_at < end
    )
    former = select(*(worker_versions.c[name] for name in _COLUMNS)).where(
        worker_versions.c.state == State.REGISTERED.value,
        worker_versions.c.changed_at < end,
        worker_versions.c.superseded_at >= end,
    )
    return union_all(present, former).subquery("stood")


def _column(name: Dimension, stood: Subquery | CTE, as_of: date) -> ColumnElement[Any]:
    if name == "freshness":
        return _freshness(stood.c.intention_confirmed_on, as_of)
    if name == "age":
        return _age(stood.c.birth_date, as_of)
    if name == "prefecture":
        return func.substr(stood.c.county_code, 1, 4).concat("00")
    plain = {"county": "county_code", "category": "household_category", "status": "employment_status"}
    return func.coalesce(stood.c[plain.get(name, name)], literal(NOT_KNOWN))


def _freshness(confirmed: ColumnElement[date], as_of: date) -> ColumnElement[str]:
    steps = [(confirmed >= as_of - timedelta(days=days), code) for days, code, _ in _FRESH]
    return case((confirmed.is_(None), NOT_KNOWN), *steps, else_=_OLDER[0])


def _age(born: ColumnElement[date], as_of: date) -> ColumnElement[str]:
    """Who has not had the birthday of a step's age yet is younger; on 29 February counted as 1 March (民法典 203)."""
    steps = [(born > _years_before(as_of, age), f"A{age:02d}") for age, _ in _AGES]
    return case(*steps, else_="A99")


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


def label(name: Dimension, code: str) -> str:
    """What people call a value."""
    if code == NOT_KNOWN:
        return "未填"
    return _LABELS[name](code)


def _of(vocabulary: codes.Vocabulary) -> Callable[[str], str]:
    return lambda code: vocabulary.label(code) if code in vocabulary else code


def _division(code: str) -> str:
    return divisions.load().full_name(code) or code


_LABELS: Final[Mapping[Dimension, Callable[[str], str]]] = {
    "prefecture": _division,
    "county": _division,
    "township": lambda text: text or "未填",
    "category": _of(codes.HOUSEHOLD_STATUS),
    "status": _of(codes.EMPLOYMENT_STATUS),
    "willingness": _of(codes.WILLINGNESS),
    "destination": _of(codes.DESTINATION),
    "freshness": lambda code: {**{key: text for _, key, text in _FRESH}, _OLDER[0]: _OLDER[1]}[code],
    "education": _of(codes.EDUCATION),
    "sex": lambda code: _SEXES[code],
    "ethnicity": _of(codes.ETHNICITY),
    "age": lambda code: {**{f"A{age:02d}": text for age, text in _AGES}, "A99": _OLDEST}[code],
}
HEADINGS: Final[Mapping[Dimension, str]] = {
    "prefecture": "州市",
    "county": "县",
    "township": "乡镇",
    "category": "户类型",
    "status": "当前状态",
    "willingness": "就业意愿",
    "destination": "意向去向",
    "freshness": "意向新鲜度",
    "education": "文化程度",
    "sex": "性别",
    "ethnicity": "民族",
    "age": "年龄段",
}
