"""What hits are counted by: which field or bands of the index, and what people call each value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from services.contracts.vocabulary import codes, divisions
from services.kernel.index import All, Bands, Exists, Facet, Not, Query, Range, Values
from services.kernel.text.facts.model import ANY_WORK
from services.kernel.text.facts.work_lexicon import labels
from services.matcher.ranking.retrieval import years_before
from services.matcher.search.schemas import FacetCount, PostingFacet, WorkerFacet

_MOST: Final = 30
_FRESH: Final = ((0, 30), (31, 90), (91, 180))
_PAYS: Final = (3000, 4000, 5000, 6000, 8000)
_AGES: Final = (18, 30, 40, 50, 60)
_LODGING: Final = {"provided": "包住", "allowance": "有住房补贴", "none": "不包住"}


@dataclass(frozen=True, slots=True)
class Counted:
    """A facet of the index, and the name of a value for people."""

    facet: Callable[[date], Facet]
    label: Callable[[str], str]


def _values(field: str, label: Callable[[str], str]) -> Counted:
    return Counted(lambda _today: Values(field, _MOST), label)


def _in(vocabulary: codes.Vocabulary) -> Callable[[str], str]:
    return lambda code: vocabulary.label(code) if code in vocabulary else code


def _division(code: str) -> str:
    return divisions.load().full_name(code) or code


def _work(work: str) -> str:
    return "不挑工种" if work == ANY_WORK else labels().get(work, work)


def _same(value: str) -> str:
    return value


def _freshness(today: date) -> Facet:
    bands: dict[str, Query] = {
        f"{least}–{most}天": Range("confirmed", today - timedelta(days=most), today - timedelta(days=least))
        for least, most in _FRESH
    }
    oldest = _FRESH[-1][1]
    bands[f"{oldest}天以上"] = Range("confirmed", at_most=today - timedelta(days=oldest + 1))
    bands["没有登记过日期"] = Not(Exists("confirmed"))
    return Bands(bands)


def _age(today: date) -> Facet:
    bands: dict[str, Query] = {}
    for least, above in zip(_AGES, (*_AGES[1:], None), strict=True):
        born = Range(
            "birth_date", years_before(today, above) + timedelta(days=1) if above else None, years_before(today, least)
        )
        bands[f"{least}–{above - 1}岁" if above else f"{least}岁以上"] = born
    return Bands(bands)


def _pay(_today: date) -> Facet:
    bands: dict[str, Query] = {f"{_PAYS[0]}元以下": Range("pay_max", at_most=_PAYS[0] - 1)}
    for least, above in zip(_PAYS, (*_PAYS[1:], None), strict=True):
        top = Range("pay_max", least, above - 1 if above else None)
        bands[f"{least}–{above - 1}元" if above else f"{least}元以上"] = All([top])
    return Bands(bands)


WORKERS: Final[Mapping[WorkerFacet, Counted]] = {
    WorkerFacet.COUNTY: _values("county_code", _division),
    WorkerFacet.PREFECTURE: _values("prefecture_code", _division),
    WorkerFacet.TOWNSHIP: _values("township", _same),
    WorkerFacet.CATEGORY: _values("household", _in(codes.HOUSEHOLD_STATUS)),
    WorkerFacet.OCCUPATION: _values("wanted", _work),
    WorkerFacet.FRESHNESS: Counted(_freshness, _same),
    WorkerFacet.STATUS: _values("status", _in(codes.EMPLOYMENT_STATUS)),
    WorkerFacet.WILLINGNESS: _values("willingness", _in(codes.WILLINGNESS)),
    WorkerFacet.PLACE: _values("place_wishes", _division),
    WorkerFacet.CERTIFICATE: _values("certificates", _same),
    WorkerFacet.AGE: Counted(_age, _same),
}
POSTINGS: Final[Mapping[PostingFacet, Counted]] = {
    PostingFacet.PROVINCE: _values("province_code", _division),
    PostingFacet.CITY: _values("city_code", _division),
    PostingFacet.DISTRICT: _values("district_code", _division),
    PostingFacet.OCCUPATION: _values("main_works", _work),
    PostingFacet.KIND: _values("kind", _in(codes.POSTING_KINDS)),
    PostingFacet.EMPLOYER_KIND: _values("employer_kind", _in(codes.EMPLOYER_KINDS)),
    PostingFacet.LODGING: _values("lodging", lambda value: _LODGING.get(value, value)),
    PostingFacet.CERTIFICATE: _values("required_certificates", _same),
    PostingFacet.PAY: Counted(_pay, _same),
}


def asked(wanted: Sequence[WorkerFacet] | Sequence[PostingFacet], today: date) -> dict[str, Facet]:
    """The facets as the index counts them."""
    return {name.value: _counted(name).facet(today) for name in wanted}


def named(name: WorkerFacet | PostingFacet, counts: Mapping[str, int]) -> list[FacetCount]:
    """The counts with names; nothing that has no hits."""
    label = _counted(name).label
    return [FacetCount(value=value, label=label(value), count=count) for value, count in counts.items() if count]


def _counted(name: WorkerFacet | PostingFacet) -> Counted:
    return WORKERS[name] if isinstance(name, WorkerFacet) else POSTINGS[name]
