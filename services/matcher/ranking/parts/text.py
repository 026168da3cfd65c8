"""The words in common."""

from services.matcher.ranking.judgement import Judgement
from services.matcher.ranking.pair import Pair


def text(pair: Pair) -> Judgement:
    """BM25 of the pair over the best of its list."""
    return Judgement(pair.text)
