"""The score of a pair: named parts, their weights, and the words that tell most."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Final

from services.kernel.text.facts.model import Span
from services.matcher.ranking.judgement import Audience, Judgement, spoken
from services.matcher.ranking.pair import Pair
from services.matcher.ranking.parts import fitness, papers, readiness, terms, where, work
from services.matcher.ranking.parts import text as words
from services.matcher.ranking.weights import OVERALL, Direction, Weights

PARTS: Final[Mapping[str, Callable[[Pair], Judgement]]] = {
    "occupation_wanted": work.wish,
    "experience": work.experience,
    "certificates": papers.certificate,
    "place": where.place,
    "pay": terms.pay,
    "lodging": terms.lodging,
    "start": readiness.start,
    "readiness": readiness.readiness,
    "hours": terms.hours,
    "mandarin": papers.speech,
    "schooling": papers.schooling,
    "abilities": papers.ability,
    "work_limits": fitness.strain,
    "age_wish": fitness.age,
    "text": words.text,
}
MOST_REASONS: Final = 5
_LEAST: Final = 0.02  # the least a part leaves of the overall product
_DECIMALS: Final = 4
_TELLING: Final = 0.5
_READERS: Final[Mapping[Direction, Audience]] = {"candidates": "staff", "openings": "worker"}
# Their mere values tell of health and of the home.
_PRIVATE_PARTS: Final = frozenset({"work_limits", "readiness"})


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score as it is shown; `rests_on`: the words that it was judged by."""

    name: str
    value: float
    weight: float
    reason: str
    gap: str = ""
    rests_on: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """`total` is Σ value × weight of the parts, exactly as they are shown (outsiders are not shown the sensitive ones)."""

    total: float
    parts: Sequence[Part]
    reasons: Sequence[str]
    gaps: Sequence[str]


def score(pair: Pair, direction: Direction, weights: Weights, audience: Audience | None = None) -> Score:
    """The score of a pair, with reasons and gaps in words for who reads them: the direction's own reader unless named."""
    audience = audience or _READERS[direction]
    judged = {name: part(pair) for name, part in PARTS.items()}
    overall = prod(max(judged[name].value, _LEAST) ** power for name, power in weights.powers[direction].items())
    shares = weights.of[direction]
    parts = [_part(name, one, shares[name], audience) for name, one in judged.items()]
    parts.append(Part(OVERALL, round(overall, _DECIMALS), shares[OVERALL], ""))
    total = round(sum(part.value * part.weight for part in parts), 2 * _DECIMALS)
    told = {name: one for name, one in judged.items() if audience != "outsider" or not one.sensitive}
    if audience == "outsider":
        parts = [part for part in parts if part.name not in _PRIVATE_PARTS]
    return Score(total, parts, _reasons(told, shares, audience), _gaps(told, shares, audience))


def _part(name: str, one: Judgement, share: float, audience: Audience) -> Part:
    reason, gap = spoken(one.reason, audience), spoken(one.gap, audience)
    return Part(name, round(one.value, _DECIMALS), share, reason or gap, gap, one.rests_on)


def _reasons(judged: Mapping[str, Judgement], shares: Mapping[str, float], audience: Audience) -> list[str]:
    telling = [(shares[name] * one.value, one.reason) for name, one in judged.items() if one.reason and one.value >= _TELLING]
    return _told(telling, audience)


def _gaps(judged: Mapping[str, Judgement], shares: Mapping[str, float], audience: Audience) -> list[str]:
    return _told([(shares[name] * (1 - one.value), one.gap) for name, one in judged.items() if one.gap], audience)


def _told(weighed: list[tuple[float, str]], audience: Audience) -> list[str]:
    weighed.sort(key=lambda pair: -pair[0])
    return list(dict.fromkeys(spoken(words, audience) for _, words in weighed))[:MOST_REASONS]
