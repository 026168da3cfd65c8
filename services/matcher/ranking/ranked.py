"""A list in its order: what must not stand in it left out, the rest scored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.matcher.ranking.judgement import Audience
from services.matcher.ranking.limits import exclusion
from services.matcher.ranking.pair import Pair
from services.matcher.ranking.scoring import Part, Score, score
from services.matcher.ranking.weights import Direction, Weights


@dataclass(frozen=True, slots=True)
class Ranked:
    """One place of a list: the other's id, the pair and its score."""

    id: str
    pair: Pair
    score: Score


def ranked(
    pairs: Iterable[tuple[str, Pair]],
    direction: Direction,
    weights: Weights,
    audience: Audience | None = None,
    *,
    by_words_only: bool = False,
) -> Sequence[Ranked]:
    """Best first; equal scores in order of id. `by_words_only`: by BM25 alone, the yardstick, with the same exclusions."""
    kept = ((key, pair) for key, pair in pairs if exclusion(pair) is None)
    scored = [
        Ranked(key, pair, _words_alone(pair) if by_words_only else score(pair, direction, weights, audience))
        for key, pair in kept
    ]
    return sorted(scored, key=lambda one: (-one.score.total, one.id))


def _words_alone(pair: Pair) -> Score:
    share = round(pair.text, 6)
    return Score(share, [Part("text", share, 1.0, "")], [], [])
