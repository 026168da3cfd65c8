"""Structured filters as conditions on the index. A code outside its vocabulary is refused by name (design decision 10)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, Literal

from pydantic import Field

from services.contracts.vocabulary import certificates, codes, divisions
from services.kernel.errors import FieldError, UnknownCode
from services.kernel.http.models import Day, RequestModel, Whole
from services.kernel.http.validation import shown
from services.kernel.index import All, AnyOf, Exists, Near, Not, Point, Query, Range, Term
from services.kernel.text.facts import tables
from services.kernel.text.facts.work_lexicon import labels
from services.matcher.ranking.retrieval import years_before

Codes = Sequence[str]
Stances = Sequence[Literal["wants", "accepts", "refuses"]]
_MOST: Final = 50
_LEVELS: Final = ("province", "prefecture", "county")


def _several(description: str) -> Any:
    return Field(None, min_length=1, max_length=_MOST, description=description)


class Bounds(RequestModel):
    """Both inclusive; one may be left open."""

    at_least: Whole | None = Field(None, ge=0, le=10_000_000)
    at_most: Whole | None = Field(None, ge=0, le=10_000_000)


class Around(RequestModel):
    """Within `km` of a division's seat, or of a point in degrees (WGS 84)."""

    division_code: str | None = None
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    km: float = Field(gt=0, le=5000)


class WorkerFilters(RequestModel):
    """Each condition that is given must hold; of a list, any one."""

    numbers: Codes | None = _several("序号 in the register")
    homes: Codes | None = _several("division codes, any level: where they live")
    townships: Codes | None = _several("names of townships")
    places: Codes | None = _several("division codes: where they would go")
    occupations: Codes | None = _several("ids of work that is wanted")
    refuses: Codes | None = _several("ids of work that is refused")
    experienced: Codes | None = _several("ids of work that was done")
    certificates: Codes | None = _several("canonical names, held and valid")
    household: Codes | None = _several("household_status codes")
    status: Codes | None = _several("employment_status codes")
    willingness: Codes | None = _several("willingness codes")
    education_at_least: str | None = None
    mandarin_at_least: str | None = None
    marks: Codes | None = _several("traits, ids of marks.toml")
    companions: Sequence[Literal["spouse", "child", "kin", "villagers"]] | None = _several("with whom they would go")
    live_in: Stances | None = _several("what they say to living in")
    nights: Stances | None = _several("what they say to nights")
    relocated: bool | None = None
    seeking: bool | None = Field(None, description="looks for work at all")
    tied_home: bool | None = None
    training_wish: bool | None = None
    age: Bounds | None = Field(None, description="full years today")
    pay: Bounds | None = Field(None, description="what they ask for, CNY per month")
    start_by: Day | None = Field(None, description="can start on this day or before")
    confirmed_within_days: Whole | None = Field(None, ge=0, le=3650, description="the intention was told within so many days")
    near: Around | None = Field(None, description="live near")


class PostingFilters(RequestModel):
    """Each condition that is given must hold; of a list, any one."""

    numbers: Codes | None = _several("岗位编号 in the sheet")
    places: Codes | None = _several("division codes, any level: where the work is")
    near: Around | None = None
    occupations: Codes | None = _several("ids of work")
    kinds: Codes | None = _several("posting_kind codes")
    employer_kinds: Codes | None = _several("employer_kind codes")
    employers: Codes | None = _several("employer ids")
    certificates: Codes | None = _several("canonical names that are insisted on")
    education_at_most: str | None = Field(None, description="asks for no more than this education")
    offers: Codes | None = _several("ids of offers, marks.toml")
    demands: Codes | None = _several("ids of demands, marks.toml")
    lodging: Sequence[Literal["provided", "allowance", "none"]] | None = _several("lodging")
    board: Sequence[Literal["provided", "allowance", "none"]] | None = _several("meals")
    live_in: Stances | None = _several("wants: one lives in; accepts: either; refuses: one lives out")
    nights: bool | None = None
    pay: Bounds | None = Field(None, description="CNY per month: the offer reaches into these bounds")
    vacancies_at_least: Whole | None = Field(None, ge=0)
    open_until: Day | None = Field(None, description="still open on this day")
    published_since: Day | None = None


def worker_conditions(filters: WorkerFilters, today: date, pointer: str) -> list[Query]:
    """One condition for each filter that is given. Raises UnknownCode naming the code and its place."""
    return _conditions(filters, _WORKERS, today, pointer)


def posting_conditions(filters: PostingFilters, today: date, pointer: str) -> list[Query]:
    """The same for openings."""
    return _conditions(filters, _POSTINGS, today, pointer)


Condition = Callable[[Any, date, str], Query]


def _conditions(filters: RequestModel, table: Mapping[str, Condition], today: date, pointer: str) -> list[Query]:
    given = {name: getattr(filters, name) for name in type(filters).model_fields}
    return [table[name](value, today, f"{pointer}/{name}") for name, value in given.items() if value is not None]


def _refused(pointer: str, code: str, vocabulary: str) -> UnknownCode:
    error = FieldError(pointer, "unknown_code", f"{vocabulary}里没有“{shown(code)}”")
    return UnknownCode(error.detail, errors=[error])


def _check(values: Sequence[str], known: Callable[[str], bool], pointer: str, vocabulary: str) -> None:
    for place, value in enumerate(values):
        if not known(value):
            raise _refused(f"{pointer}/{place}", value, vocabulary)


def _terms(field: str) -> Condition:
    return lambda values, _today, _pointer: Term(field, list(values))


def _true(field: str) -> Condition:
    """Not known counts as not true."""
    return lambda value, _today, _pointer: Term(field, [True]) if value else Not(Term(field, [True]))


def _coded(field: str, vocabulary: codes.Vocabulary, name: str) -> Condition:
    def condition(values: Sequence[str], _today: date, pointer: str) -> Query:
        _check(values, lambda value: value in vocabulary, pointer, name)
        return Term(field, list(values))

    return condition


def _works(*fields: str) -> Condition:
    def condition(values: Sequence[str], _today: date, pointer: str) -> Query:
        _check(values, lambda value: value in labels(), pointer, "工种目录")
        return AnyOf([Term(field, list(values)) for field in fields])

    return condition


def _certificates(field: str) -> Condition:
    def condition(values: Sequence[str], _today: date, pointer: str) -> Query:
        _check(values, lambda value: value in certificate_names(), pointer, "证书目录")
        return Term(field, list(values))

    return condition


def certificate_names() -> frozenset[str]:
    """The canonical names: of the catalogue, and of those that the readers know besides."""
    return frozenset(certificates.load()) | {row["name"] for row in tables.load("certificate_words")["certificate"]}


def _marks(field: str, side: str) -> Condition:
    def condition(values: Sequence[str], _today: date, pointer: str) -> Query:
        _check(values, lambda value: value in tables.load("marks")[side], pointer, "特征目录")
        return Term(field, list(values))

    return condition


def _divisions(*fields: str) -> Condition:
    """At any level, by a field for each level or by one that holds all of a path."""

    def condition(values: Sequence[str], _today: date, pointer: str) -> Query:
        _check(values, lambda value: divisions.load().get(value) is not None, pointer, "行政区划")
        if len(fields) == 1:
            return Term(fields[0], list(values))
        return AnyOf([Term(fields[_LEVELS.index(divisions.load().get(value).level)], [value]) for value in values])  # type: ignore[union-attr]  # checked above

    return condition


def _ranked(field: str, vocabulary: codes.Vocabulary, name: str, *, at_most: bool = False) -> Condition:
    def condition(value: str, _today: date, pointer: str) -> Query:
        if value not in vocabulary:
            raise _refused(pointer, value, name)
        rank = vocabulary.rank(value)
        return Not(Range(field, at_least=rank + 1)) if at_most else Range(field, at_least=rank)

    return condition


def _bounds(field: str) -> Condition:
    return lambda bounds, _today, _pointer: Range(field, bounds.at_least, bounds.at_most)


def _age(bounds: Bounds, today: date, _pointer: str) -> Query:
    youngest = None if bounds.at_least is None else years_before(today, min(bounds.at_least, 150))
    eldest = None if bounds.at_most is None else years_before(today, min(bounds.at_most, 150) + 1) + timedelta(days=1)
    return Range("birth_date", at_least=eldest, at_most=youngest)


def _offered(bounds: Bounds, _today: date, _pointer: str) -> Query:
    reaches: list[Query] = [Range("pay_max", at_least=bounds.at_least)] if bounds.at_least is not None else []
    return All([*reaches, *([Range("pay_min", at_most=bounds.at_most)] if bounds.at_most is not None else [])])


def _near(field: str) -> Condition:
    def condition(around: Around, _today: date, pointer: str) -> Query:
        if around.latitude is not None and around.longitude is not None:
            return Near(field, Point(around.latitude, around.longitude), around.km)
        seat = divisions.load().get(around.division_code or "")
        if seat is None or seat.latitude is None or seat.longitude is None:
            raise _refused(f"{pointer}/division_code", around.division_code or "", "有坐标的行政区划")
        return Near(field, Point(seat.latitude, seat.longitude), around.km)

    return condition


_WORKERS: Final[Mapping[str, Condition]] = {
    "numbers": _terms("number"),
    "homes": _divisions("province_code", "prefecture_code", "county_code"),
    "townships": _terms("township"),
    "places": _divisions("place_paths"),
    "occupations": _works("wanted"),
    "refuses": _works("refused"),
    "experienced": _works("experienced"),
    "certificates": _certificates("certificates"),
    "household": _coded("household", codes.HOUSEHOLD_STATUS, "户类型目录"),
    "status": _coded("status", codes.EMPLOYMENT_STATUS, "就业状态目录"),
    "willingness": _coded("willingness", codes.WILLINGNESS, "就业意愿目录"),
    "education_at_least": _ranked("education", codes.EDUCATION, "文化程度目录"),
    "mandarin_at_least": _ranked("mandarin", codes.MANDARIN, "普通话水平目录"),
    "marks": _marks("marks", "worker"),
    "companions": _terms("companions"),
    "live_in": _terms("live_in"),
    "nights": _terms("nights"),
    "relocated": _true("relocated"),
    "seeking": _true("seeking"),
    "tied_home": _true("tied_home"),
    "training_wish": _true("training_wish"),
    "age": _age,
    "pay": _bounds("pay_wish"),
    "start_by": lambda day, _today, _pointer: Range("start_from", at_most=day),
    "confirmed_within_days": lambda days, today, _pointer: Range("confirmed", at_least=today - timedelta(days=days)),
    "near": _near("home"),
}
_POSTINGS: Final[Mapping[str, Condition]] = {
    "numbers": _terms("number"),
    "places": _divisions("province_code", "city_code", "district_code"),
    "near": _near("place"),
    "occupations": _works("main_works"),
    "kinds": _coded("kind", codes.POSTING_KINDS, "岗位类别目录"),
    "employer_kinds": _coded("employer_kind", codes.EMPLOYER_KINDS, "单位类型目录"),
    "employers": _terms("employer_id"),
    "certificates": _certificates("required_certificates"),
    "education_at_most": _ranked("education_min", codes.EDUCATION, "文化程度目录", at_most=True),
    "offers": _marks("offers", "posting"),
    "demands": _marks("demands", "posting"),
    "lodging": _terms("lodging"),
    "board": _terms("board"),
    "live_in": _terms("live_in"),
    "nights": _true("nights"),
    "pay": _offered,
    "vacancies_at_least": lambda many, _today, _pointer: Range("vacancies", at_least=many),
    "open_until": lambda day, _today, _pointer: AnyOf([Range("valid_until", at_least=day), Not(Exists("valid_until"))]),
    "published_since": lambda day, _today, _pointer: Range("published_on", at_least=day),
}
