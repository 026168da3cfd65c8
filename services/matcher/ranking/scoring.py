"""The score of a pair: named parts, their weights, and the words that tell most."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Final

from services.matcher.ranking.judgement import Judgement
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
_READERS: Final[Mapping[Direction, Mapping[str, str]]] = {
    "candidates": {"you": "", "your": "本人"},
    "openings": {"you": "你", "your": "你"},
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score as it is shown."""

    name: str
    value: float
    weight: float
    reason: str


@dataclass(frozen=True, slots=True)
class Score:
    """`total` is Σ value × weight of the parts, exactly as they are shown."""

    total: float
    parts: Sequence[Part]
    reasons: Sequence[str]
    gaps: Sequence[str]


def score(pair: Pair, direction: Direction, weights: Weights) -> Score:
    """The score of a pair, with reasons and gaps in words for the direction's reader."""
    judged = {name: part(pair) for name, part in PARTS.items()}
    overall = prod(max(judged[name].value, _LEAST) ** power for name, power in weights.powers[direction].items())
    shares = weights.of[direction]
    reader = _READERS[direction]
    parts = [
        Part(name, round(one.value, _DECIMALS), shares[name], (one.reason or one.gap).format(**reader))
        for name, one in judged.items()
    ]
    parts.append(Part(OVERALL, round(overall, _DECIMALS), shares[OVERALL], ""))
    total = round(sum(part.value * part.weight for part in parts), 2 * _DECIMALS)
    return Score(total, parts, _reasons(judged, shares, reader), _gaps(judged, shares, reader))


def _reasons(judged: Mapping[str, Judgement], shares: Mapping[str, float], reader: Mapping[str, str]) -> list[str]:
    telling = [(shares[name] * one.value, one.reason) for name, one in judged.items() if one.reason and one.value >= _TELLING]
    return _told(telling, reader)


def _gaps(judged: Mapping[str, Judgement], shares: Mapping[str, float], reader: Mapping[str, str]) -> list[str]:
    return _told([(shares[name] * (1 - one.value), one.gap) for name, one in judged.items() if one.gap], reader)


def _told(weighed: list[tuple[float, str]], reader: Mapping[str, str]) -> list[str]:
    weighed.sort(key=lambda pair: -pair[0])
    return list(dict.fromkeys(words.format(**reader) for _, words in weighed))[:MOST_REASONS]
