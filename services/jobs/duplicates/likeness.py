"""How much two postings look like one opening that came twice. Pure."""

import re
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from services.contracts.vocabulary.tables import spelling
from services.jobs.opening import Opening
from services.jobs.posting import Posting

LEAST: Final = 0.8
"""From here on a pair is proposed."""
_WEIGHTS: Final = {"employer": 0.3, "work": 0.2, "place": 0.2, "pay": 0.1, "words": 0.2}
_NEEDED: Final = {"employer": 0.85, "work": 0.75, "place": 0.7}
"""What no other likeness makes up for."""
_LEGAL_FORM: Final = re.compile(r"(?:股份)?有限(?:责任)?公司|集团|分公司|公司$|\([^)]*\)")
_UNKNOWN: Final = 0.5
_SAME_CITY: Final = 0.7
_LEAST_WORDS: Final = 8


@dataclass(frozen=True, slots=True)
class Likeness:
    """The parts of a likeness, each between 0 and 1."""

    employer: float
    work: float
    place: float
    pay: float
    words: float

    @property
    def score(self) -> float:
        """All parts weighed."""
        return round(float(sum(getattr(self, name) * weight for name, weight in _WEIGHTS.items())), 3)

    @property
    def proposed(self) -> bool:
        """Whether a person should look at the pair."""
        return self.score >= LEAST and all(getattr(self, name) >= least for name, least in _NEEDED.items())

    def document(self) -> dict[str, float]:
        """The parts as JSON."""
        return {name: round(getattr(self, name), 3) for name in _WEIGHTS}


def one_channel(one: Posting, other: Posting) -> bool:
    """Whether both came the same way: then they are told apart by whoever sent them."""
    ours, theirs = one.opening, other.opening
    return (ours.source, ours.source_text) == (theirs.source, theirs.source_text) and one.employer_id == other.employer_id


def likeness(one: Posting, other: Posting) -> Likeness:
    """How alike two postings are."""
    ours, theirs = one.opening, other.opening
    return Likeness(
        employer=1.0 if one.employer_id == other.employer_id and one.employer_id else _employers(ours, theirs),
        work=_work(ours, theirs),
        place=_place(ours, theirs),
        pay=_pay(ours, theirs),
        words=_words(ours, theirs),
    )


def _bare(name: str) -> str:
    return _LEGAL_FORM.sub("", spelling(name)) or spelling(name)


def _employers(ours: Opening, theirs: Opening) -> float:
    one, other = _bare(ours.employer_name), _bare(theirs.employer_name)
    return float(fuzz.ratio(one, other)) / 100


def _work(ours: Opening, theirs: Opening) -> float:
    if ours.occupation_id is not None and ours.occupation_id == theirs.occupation_id:
        return 1.0
    one, other = spelling(ours.title), spelling(theirs.title)
    return float(fuzz.partial_ratio(one, other)) / 100


def _place(ours: Opening, theirs: Opening) -> float:
    if ours.city_code != theirs.city_code or ours.province_code != theirs.province_code:
        return 0.0
    if ours.district_code == theirs.district_code:
        return 1.0
    return _SAME_CITY if None in (ours.district_code, theirs.district_code) else 0.0


def _pay(ours: Opening, theirs: Opening) -> float:
    lows = [value for value in (ours.pay_min, theirs.pay_min) if value is not None]
    highs = [value for value in (ours.pay_max, theirs.pay_max) if value is not None]
    if not (ours.pay_min or ours.pay_max) or not (theirs.pay_min or theirs.pay_max):
        return _UNKNOWN
    apart = [abs(a - b) / max(a, b, 1.0) for a, b in (pair for pair in (lows, highs) if len(pair) > 1)]
    return max(0.0, 1.0 - 2 * max(apart, default=0.0))


def _words(ours: Opening, theirs: Opening) -> float:
    one, other = (spelling("".join(opening.words.model_dump().values())) for opening in (ours, theirs))
    if min(len(one), len(other)) < _LEAST_WORDS:
        return _UNKNOWN
    return float(fuzz.partial_ratio(one, other)) / 100
