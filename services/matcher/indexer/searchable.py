"""What only searching by staff asks for, beside the fields that ranking retrieves by. Pure, like documents.py.

Codes and dates only: the words themselves are in the text fields. `""` and None are "not known", which a filter can ask for.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from services.contracts.events import PostingChanged, WorkerChanged
from services.contracts.vocabulary import codes, divisions
from services.kernel.index import FieldKind
from services.kernel.text.facts import gazetteer, starts
from services.kernel.text.facts.model import Lodging, Mark, PostingFacts, Role, Stance, Strength, WorkerFacts

_UNWILLING: Final = "W1"

WORKER_SEARCH: Final[Mapping[str, FieldKind]] = {
    "township": FieldKind.KEYWORD,
    "household": FieldKind.KEYWORD,  # household_status code: filters and facets only, never a score (rules.md)
    "relocated": FieldKind.BOOLEAN,
    "status": FieldKind.KEYWORD,  # employment_status code
    "confirmed": FieldKind.DATE,  # when the intention was last told: its freshness
    "seeking": FieldKind.BOOLEAN,  # False: wants no work now, as registered or as the words say
    "tied_home": FieldKind.BOOLEAN,
    "training_wish": FieldKind.BOOLEAN,
    "line": FieldKind.KEYWORD,  # ids of work that is wanted; where no wish was stated, of work that was done
    "trained": FieldKind.KEYWORD,  # ids of work
    "hands": FieldKind.KEYWORD,  # "work>=years" for 1, 2, 3 and 5 years of it
    "place_wishes": FieldKind.KEYWORD,  # division codes as wished
    "place_paths": FieldKind.KEYWORD,  # these and the divisions around them
    "places_refused": FieldKind.KEYWORD,
    "worked_paths": FieldKind.KEYWORD,  # where work was done, and the divisions around
    "reach": FieldKind.KEYWORD,
    "pay_wish": FieldKind.INTEGER,  # CNY per month
    "start_from": FieldKind.DATE,  # the first possible day, seen from the day on which the profile last changed
    "live_in": FieldKind.KEYWORD,  # Stance
    "nights": FieldKind.KEYWORD,
    "lodging": FieldKind.KEYWORD,
    "companions": FieldKind.KEYWORD,
    "marks": FieldKind.KEYWORD,
    "marks_denied": FieldKind.KEYWORD,
}

POSTING_SEARCH: Final[Mapping[str, FieldKind]] = {
    "kind": FieldKind.KEYWORD,  # posting_kind code
    "status": FieldKind.KEYWORD,
    "employer_id": FieldKind.KEYWORD,
    "channel": FieldKind.KEYWORD,  # posting_source code
    "published_on": FieldKind.DATE,
    "headcount": FieldKind.INTEGER,
    "vacancies": FieldKind.INTEGER,  # as headcount; 0 where another posting counts them
    "main_works": FieldKind.KEYWORD,  # the work itself
    "welcome_certificates": FieldKind.KEYWORD,  # asked for, but not insisted on
    "lodging": FieldKind.KEYWORD,
    "board": FieldKind.KEYWORD,
    "live_in": FieldKind.KEYWORD,
    "nights": FieldKind.BOOLEAN,
    "offers": FieldKind.KEYWORD,
    "demands": FieldKind.KEYWORD,  # needed
    "welcomes": FieldKind.KEYWORD,  # welcome
    "education_min": FieldKind.INTEGER,  # rank in codes.EDUCATION
    "mandarin_min": FieldKind.INTEGER,
    "experience": FieldKind.KEYWORD,  # Strength with which it is asked for
    "age_from": FieldKind.INTEGER,  # the employer's wish: orders, never a filter
    "age_to": FieldKind.INTEGER,
}

YEARS: Final = (1, 2, 3, 5)


def worker_search(profile: WorkerChanged, facts: WorkerFacts, seen_on: date) -> dict[str, Any]:
    """The values of WORKER_SEARCH."""
    return {
        "township": profile.township,
        "household": profile.household_category,
        "relocated": profile.relocated,
        "status": profile.employment_status,
        "confirmed": profile.intention_confirmed_on,
        "seeking": profile.willingness != _UNWILLING and facts.not_seeking is None,
        "tied_home": facts.tied_home is not None,
        "training_wish": facts.training_wish,
        "line": [work.id for work in facts.wanted or ([] if facts.open_to_any else facts.experience)],
        "trained": [work.id for work in facts.trained],
        "hands": _hands(facts),
        "place_wishes": [wish.code for wish in facts.places],
        "place_paths": _paths(wish.code for wish in facts.places),
        "places_refused": [wish.code for wish in facts.places_refused],
        "worked_paths": _paths(code for done in facts.experience for code in done.places),
        "reach": facts.reach.value,
        "pay_wish": round(facts.pay.wished) if facts.pay and facts.pay.wished else None,
        "start_from": starts.earliest(facts.start, seen_on),
        "live_in": _stance(facts.live_in),
        "nights": _stance(facts.nights),
        "lodging": _lodging(facts.lodging),
        "companions": [companion.kind for companion in facts.companions],
        "marks": _marks(facts.marks, holds=True),
        "marks_denied": _marks(facts.marks, holds=False),
    }


def posting_search(posting: PostingChanged, facts: PostingFacts) -> dict[str, Any]:
    """The values of POSTING_SEARCH."""
    welcome = (need for need in facts.certificates if need.strength is not Strength.MUST)
    return {
        "kind": posting.kind,
        "status": posting.status,
        "employer_id": posting.employer_id,
        "channel": posting.source if posting.source in codes.POSTING_SOURCES else None,
        "published_on": posting.published_on,
        "headcount": posting.headcount,
        "vacancies": 0 if posting.duplicate_of else posting.headcount,
        "main_works": [work.id for work in facts.works if work.role is Role.MAIN],
        "welcome_certificates": [name for need in welcome for name in need.names],
        "lodging": _lodging(facts.lodging),
        "board": _lodging(facts.board),
        "live_in": _stance(facts.live_in),
        "nights": facts.nights,
        "offers": _marks(facts.offers, holds=True),
        "demands": _marks(facts.demands, holds=True),
        "welcomes": _marks(facts.demands, holds=False),
        "education_min": codes.EDUCATION.rank(facts.education_at_least) if facts.education_at_least else None,
        "mandarin_min": codes.MANDARIN.rank(facts.mandarin_at_least) if facts.mandarin_at_least else None,
        "experience": facts.experience.strength.value if facts.experience else None,
        "age_from": facts.age_from,
        "age_to": facts.age_to,
    }


def _hands(facts: WorkerFacts) -> list[str]:
    """Years of one kind of work add up over the places where it was done."""
    years: dict[str, float] = {}
    for done in facts.experience:
        years[done.id] = years.get(done.id, 0.0) + (done.years or 0.0)
    return [f"{work}>={least}" for work, many in years.items() for least in YEARS if many >= least]


def _paths(wished: Iterable[str]) -> list[str]:
    """Each code with the city and the province around it; those outside the table by the structure of the code."""
    found: list[str] = []
    for code in wished:
        found += divisions.load().path(code) or (gazetteer.province_of(code), gazetteer.city_of(code), code)
    return list(filter(None, dict.fromkeys(found)))


def _stance(stance: Stance) -> str | None:
    return None if stance is Stance.UNKNOWN else stance.value


def _lodging(lodging: Lodging) -> str | None:
    return None if lodging is Lodging.UNKNOWN else lodging.value


def _marks(marks: Iterable[Mark], *, holds: bool) -> list[str]:
    return [mark.id for mark in marks if mark.holds is holds]
