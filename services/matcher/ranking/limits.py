"""Hard limits: who or what never stands in a list, with the reason. Law, the posting's own closing, and clear refusals.

An employer's wishes (age, looks, sex) are no limits; what the law asks is in law.toml.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from services.contracts.events import PUBLISHED
from services.contracts.vocabulary import occupations
from services.kernel.text.facts import gazetteer
from services.kernel.text.facts.model import Certificate, CertificateNeed, CertificateState, Reach, Span, Strength
from services.matcher.ranking.pair import Opening, Pair

_CLEAR: Final = 0.75
# Public-welfare posts are for these (household_status codes); 就业促进法 52, 云政办发〔2019〕57号 二(四).
_POVERTY: Final = frozenset({"HS01", "HS02", "HS03", "HS04", "HS05", "HS06", "HS08", "HS09", "HS10", "HS11", "HS12"})


@cache
def _law() -> Mapping[str, Any]:
    return tomllib.loads(files("services.matcher.ranking").joinpath("law.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why a pair must not stand in a list: a stable code and Chinese words (`{self}`: see judgement.py)."""

    code: str
    reason: str

    @property
    def sensitive(self) -> bool:
        """Tells of health or household: not for outsiders."""
        return self.code in _SENSITIVE


def exclusion(pair: Pair) -> Exclusion | None:
    """The first limit that a pair does not keep; None when it may stand in a list."""
    for code, limit in _LIMITS.items():
        if reason := limit(pair):
            return Exclusion(code, reason)
    return None


def closed(opening: Opening, today: date) -> str | None:
    """Not shown, or past its closing day."""
    if opening.posting.status not in PUBLISHED:
        return "岗位已撤下"
    closes = opening.posting.valid_until
    return f"岗位{closes:%Y-%m-%d}已截止" if closes is not None and closes < today else None


def of_poverty_household(pair: Pair) -> bool:
    """Whether the worker is of a household on the poverty registers."""
    return pair.seeker.profile.household_category in _POVERTY


def least_age(opening: Opening) -> int:
    """The age that the law asks for this work, in full years (劳动法 15; 保安服务管理条例 16; 特种作业规定 4)."""
    known = occupations.load()
    rules = _law()["rules"]
    asked = (known[work] for work, degree in opening.main.items() if work in known and degree >= _CLEAR)
    ages = (occupation.min_age for occupation in asked if rules["grown_up"] in occupation.legal_requirements)
    return max(ages, default=rules["working_age"])


def _closed(pair: Pair) -> str | None:
    return closed(pair.opening, pair.today)


def _too_young(pair: Pair) -> str | None:
    least = least_age(pair.opening)
    return f"未满{least}周岁" if pair.seeker.age(pair.today) < least else None


def _refused_work(pair: Pair) -> str | None:
    refused = {work.id: work for work in pair.seeker.facts.refused if work.degree >= _CLEAR}
    main = [work for work, degree in pair.opening.main.items() if degree >= _CLEAR] or list(pair.opening.main)
    if main and all(work in refused for work in main):
        return f"{{self}}不愿做（“{refused[main[0]].span.text}”）"
    return None


def _refused_place(pair: Pair) -> str | None:
    for place in pair.seeker.facts.places_refused:
        if gazetteer.covers(place.code, pair.opening.place):
            return f"{{self}}不愿去（“{place.span.text}”）"
    return None


def _stays_home(pair: Pair) -> str | None:
    """Who stays in the county or at home, against a posting in another prefecture."""
    facts = pair.seeker.facts
    if facts.reach not in {Reach.HOME, Reach.COUNTY}:
        return None
    home, here = pair.seeker.profile.county_code, pair.opening.place
    if gazetteer.city_of(home) == gazetteer.city_of(here) or any(gazetteer.covers(p.code, here) for p in facts.places):
        return None
    return f"{{self}}只在家乡附近做（“{facts.reach_span.text if facts.reach_span else ''}”）"


def _comes_later(pair: Pair) -> str | None:
    """While an opening's priority window lasts it is for the households that the window names (云政办发〔2019〕57号 二(一))."""
    window = pair.opening.posting.priority
    if window is None or pair.today > window.until or pair.seeker.profile.household_category in window.households:
        return None
    return f"岗位{window.until:%Y-%m-%d}前优先安排脱贫户、监测户"


def _not_the_audience(pair: Pair) -> str | None:
    facts, profile = pair.opening.facts, pair.seeker.profile
    if facts.residents_of and not gazetteer.covers(facts.residents_of, profile.county_code):
        return "公益性岗位只安排本地居民"
    if facts.poverty_household_only and profile.household_category not in _POVERTY:
        return "岗位只面向脱贫户、监测户等就业困难人员"
    if facts.couples_only and not any(companion.kind == "spouse" for companion in pair.seeker.facts.companions):
        return "岗位只招夫妻两人同做"
    return None


def _lacks_by_law(pair: Pair) -> str | None:
    return next((reason for row in _law()["certificate"] if (reason := _lacks(pair, row))), None)


def needed_by_law(pair: Pair) -> CertificateNeed | None:
    """The certificate without which the law keeps this pair apart; None when it keeps it apart for none."""
    for row in _law()["certificate"]:
        if _lacks(pair, row):
            span = Span(field="law", start=0, end=0, text=row["names"][0])
            names, level = tuple(row["names"]), row.get("level")
            return CertificateNeed(names=names, strength=Strength.MUST, level=level, branch=row.get("branch", ""), span=span)
    return None


def _lacks(pair: Pair, row: Mapping[str, Any]) -> str | None:
    main = {work for work, degree in pair.opening.main.items() if degree >= _CLEAR}
    if not main & set(row["works"]) or _held(pair, row):
        return None
    needs = [need for need in pair.opening.facts.certificates if set(need.names) & set(row["names"])]
    insisted = any(need.strength is Strength.MUST for need in needs)
    arranged = any(need.strength is not Strength.MUST for need in needs)
    other_way = bool(pair.opening.entries) or (pair.opening.facts.pay is not None and pair.opening.facts.pay.entry is not None)
    soon = row["weeks_to_get"] <= _law()["rules"]["soon_weeks"]
    if other_way or (not insisted and (arranged or soon or row.get("only_if_asked", False))):
        return None
    return f"依法须持{row['names'][0]}"


def _held(pair: Pair, row: Mapping[str, Any]) -> bool:
    return any(paper.name in row["names"] and _valid(paper, row, pair.today) for paper in pair.seeker.facts.certificates)


def _valid(paper: Certificate, row: Mapping[str, Any], today: date) -> bool:
    """Examined, of the right branch and level where these are known, and not lapsed where it lapses."""
    state = paper.on(today)
    if state is CertificateState.TRAINED or (state is CertificateState.EXPIRED and row.get("lapses")):
        return False
    wrong_branch = row.get("branch") and paper.branch and paper.branch != row["branch"]
    too_low = row.get("level") and paper.level and paper.level > row["level"]
    return not wrong_branch and not too_low


def _tested(pair: Pair) -> str | None:
    """Limits that a medical examination for this work tests, where the posting names the test."""
    for mark in pair.opening.facts.strains:
        named = mark.id in _law()["rules"]["tested"] and mark.span.field != "title"
        if named and mark.id in pair.seeker.profile.work_limits:
            return "岗位体检有硬性要求，{self}情况不符"
    return None


_LIMITS: Final[Mapping[str, Callable[[Pair], str | None]]] = {
    "closed": _closed,
    "too_young": _too_young,
    "priority_window": _comes_later,
    "not_the_audience": _not_the_audience,
    "lacks_certificate_by_law": _lacks_by_law,
    "medical_requirement": _tested,
    "refuses_work": _refused_work,
    "refuses_place": _refused_place,
    "stays_near_home": _stays_home,
}
_SENSITIVE: Final = frozenset({"priority_window", "not_the_audience", "medical_requirement"})
