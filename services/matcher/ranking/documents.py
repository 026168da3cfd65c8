"""Hits of the index as seekers and openings, and the words that are searched with."""

from collections.abc import Iterable, Mapping

from services.contracts.events import PostingChanged, WorkerChanged
from services.kernel.index.port import Hit
from services.kernel.text.facts import PostingFacts, WorkerFacts
from services.kernel.text.segmenter import Scope, Segmenter
from services.matcher.ranking.pair import Opening, Seeker


def seeker(hit: Hit) -> Seeker:
    """A worker's document read back."""
    source = hit.source
    return Seeker(WorkerChanged.model_validate(source["profile"]), WorkerFacts.model_validate(source["facts"]))


def opening(hit: Hit) -> Opening:
    """A posting's document read back."""
    source = hit.source
    return Opening(PostingChanged.model_validate(source["posting"]), PostingFacts.model_validate(source["facts"]))


def posting_tokens(found: Opening, segmenter: Segmenter) -> Mapping[str, float]:
    """What to look for among workers: the title counts double."""
    posting = found.posting
    return _boosted(
        segmenter,
        [
            (posting.title, 2.0, Scope.WORDS),
            (posting.words.certificates, 1.0, Scope.CERTIFICATES),
            (posting.words.description, 1.0, Scope.WORDS),
            (posting.place, 1.0, Scope.WORDS),
        ],
    )


def worker_tokens(found: Seeker, segmenter: Segmenter) -> Mapping[str, float]:
    """What to look for among postings: the wish counts double."""
    words = found.profile.words
    return _boosted(
        segmenter,
        [
            (words.intention_occupations, 2.0, Scope.WORDS),
            (words.experience, 1.0, Scope.WORDS),
            (words.certificates, 1.0, Scope.CERTIFICATES),
            (words.intention_places, 1.0, Scope.WORDS),
        ],
    )


def _boosted(segmenter: Segmenter, passages: Iterable[tuple[str, float, Scope]]) -> Mapping[str, float]:
    boosts: dict[str, float] = {}
    for text, boost, scope in passages:
        for token in segmenter.query_tokens(text, scope):
            boosts[token] = max(boost, boosts.get(token, 0.0))
    return boosts
