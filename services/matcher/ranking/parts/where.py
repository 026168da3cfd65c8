"""Where the work is, against where the worker would go."""

from services.contracts.vocabulary import divisions
from services.kernel.text.facts import gazetteer
from services.kernel.text.facts.model import Reach, Span
from services.matcher.ranking.judgement import Judgement
from services.matcher.ranking.pair import Pair

# Distance between the seats of two cities of one province, km -> how well the other will do.
_NEIGHBOUR = ((60.0, 0.65), (120.0, 0.55), (250.0, 0.45))
_SAME_PROVINCE = 0.4
_SAME_CITY = 0.85
_PROVINCE_NAMED = 0.92
_OTHER_PROVINCE = 0.15
_ANYWHERE = 0.85
_WITHIN_PROVINCE = 0.85
_NOT_SAID = 0.5
_HOME_IS_NEAR = 0.7
_CLEAR = 0.8
_NEXT_COUNTY = 0.35
_LEAVING = 0.05
_ELSEWHERE = 0.4  # "别的地方不去"


def closeness(wished: str, place: str) -> float:
    """How well a posting at `place` meets a wish for `wished` (codes), 0 to 1."""
    if gazetteer.covers(wished, place):
        return _PROVINCE_NAMED if wished.endswith("0000") and gazetteer.city_of(place) != wished else 1.0
    city, other = gazetteer.city_of(wished), gazetteer.city_of(place)
    if city and city == other:
        return _SAME_CITY
    if gazetteer.province_of(wished) != gazetteer.province_of(place):
        return _OTHER_PROVINCE
    km = divisions.load().distance_km(city, other)
    return next((value for most, value in _NEIGHBOUR if km is not None and km <= most), _SAME_PROVINCE)


def place(pair: Pair) -> Judgement:
    """Named places first; then how far from home; silence is its own state."""
    facts, here = pair.seeker.facts, pair.opening.place
    name = divisions.load().full_name(here)
    named = max((closeness(wish.code, here) * wish.degree for wish in facts.places), default=0.0)
    value = max(named, _reached(pair))
    if facts.places_only and value < _CLEAR:
        value *= _ELSEWHERE
    if facts.reach in {Reach.HOME, Reach.COUNTY}:
        value = min(value, _at_home(pair))
    elif pair.opening.facts.residents_of and facts.places and value < _CLEAR:
        value = _LEAVING  # the post is for who stays
    if not facts.places and facts.reach is Reach.UNKNOWN:
        near_home = not pair.far
        return Judgement(_HOME_IS_NEAR if near_home else _NOT_SAID, gap="没有填写意向地区，先问一问")
    if value >= _CLEAR:
        if facts.reach_span and named < _CLEAR:
            reason = f"工作在{name}，{{you}}说的是“{facts.reach_span.text}”"
            return Judgement(value, reason=reason, rests_on=(facts.reach_span,))
        return Judgement(value, reason=f"工作在{name}，{{you}}想去{'、'.join(_texts(pair))}", rests_on=_spans(pair))
    return Judgement(value, gap=f"工作在{name}，{{you}}{_said(pair)}", rests_on=_spans(pair))


def _spans(pair: Pair) -> tuple[Span, ...]:
    facts = pair.seeker.facts
    return tuple(dict.fromkeys([*(wish.span for wish in facts.places), *filter(None, [facts.reach_span])]))


def _texts(pair: Pair) -> list[str]:
    return list(dict.fromkeys(wish.span.text for wish in pair.seeker.facts.places))


def _said(pair: Pair) -> str:
    if pair.seeker.facts.reach_span and pair.seeker.facts.reach in {Reach.HOME, Reach.COUNTY, Reach.PROVINCE}:
        return f"说的是“{pair.seeker.facts.reach_span.text}”"
    return "想去" + "、".join(_texts(pair))


def _reached(pair: Pair) -> float:
    reach, here = pair.seeker.facts.reach, pair.opening.place
    if reach is Reach.ANYWHERE:
        return _ANYWHERE
    home = pair.seeker.profile.county_code
    if reach is Reach.PROVINCE:
        return _WITHIN_PROVINCE if gazetteer.province_of(home) == gazetteer.province_of(here) else 0.0
    return _at_home(pair) if reach in {Reach.HOME, Reach.COUNTY} else 0.0


def _at_home(pair: Pair) -> float:
    """For who stays at home: the own county, at most the own prefecture."""
    home, here = pair.seeker.profile.county_code, pair.opening.place
    if home == here:
        return 1.0
    same_prefecture = gazetteer.city_of(home) == gazetteer.city_of(here)
    return _NEXT_COUNTY if same_prefecture and pair.seeker.facts.reach is Reach.COUNTY else 0.0
