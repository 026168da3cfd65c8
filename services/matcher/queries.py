"""What the matcher is asked: retrieve, leave out what must not stand there, score, and say why."""

import asyncio
from collections.abc import Sequence
from typing import Final

from services.kernel.errors import Conflict, NotFound
from services.kernel.http.auth import Scope
from services.kernel.index.port import Hit, SearchRequest
from services.matcher import reach, schemas, views
from services.matcher.indexer import status
from services.matcher.indexer.documents import Collection, shown
from services.matcher.ranking import documents, limits, retrieval
from services.matcher.ranking.pair import Pair, Seeker
from services.matcher.ranking.ranked import Ranked, ranked
from services.matcher.resources import Matching


class RankingRefused(Conflict):
    """The person objected to being ranked by a machine (PIPL article 24): staff look through the openings themselves."""

    code = "ranking_refused"
    title = "本人不接受自动推荐，请由工作人员当面介绍岗位"


_NO_POSTING: Final = "没有这个岗位，或者还没有编入检索"
_NO_WORKER: Final = "没有这个人，或者还没有编入检索"


async def candidates(
    matching: Matching, scope: Scope, posting_id: str, *, limit: int, by_words_only: bool
) -> schemas.Candidates:
    """The best candidates in scope for an opening in scope; none once it is closed. Raises NotFound, IndexUnavailable."""
    hit = await _document(matching, Collection.POSTINGS, posting_id, _NO_POSTING)
    opening, today = documents.opening(hit), matching.clock.today()
    if not reach.readable(scope, opening.posting):
        raise NotFound(_NO_POSTING)
    found: Sequence[Ranked] = []
    if limits.closed(opening, today) is None:
        tokens = documents.posting_tokens(opening, matching.segmenter)
        requests = retrieval.workers_for(opening, tokens, today, reach.workers(scope), plain=by_words_only)
        hits = await _searched(matching, Collection.WORKERS, requests)

        def rank() -> Sequence[Ranked]:
            pairs = [(one.id, Pair(documents.seeker(one), opening, today, share)) for one, share in hits]
            return ranked(pairs, "candidates", matching.weights, by_words_only=by_words_only)

        found = await asyncio.to_thread(rank)
    return schemas.Candidates(
        posting=views.posting_summary(opening),
        items=[views.candidate(place, one) for place, one in enumerate(found[:limit], start=1)],
        lexicon_version=matching.segmenter.lexicon.version,
        weights_version=matching.weights.version,
    )


async def openings(matching: Matching, scope: Scope, worker_id: str, *, limit: int, by_words_only: bool) -> schemas.Openings:
    """The best openings for a worker in scope, in words for the worker. Raises NotFound, IndexUnavailable."""
    hit = await _document(matching, Collection.WORKERS, worker_id, _NO_WORKER)
    seeker, today = documents.seeker(hit), matching.clock.today()
    if not (_visible(seeker) and reach.serves(scope, seeker.profile)):
        raise NotFound(_NO_WORKER)
    if seeker.profile.visibility.ranking is not True:
        raise RankingRefused()
    tokens = documents.worker_tokens(seeker, matching.segmenter)
    requests = retrieval.postings_for(seeker, tokens, today, plain=by_words_only)
    hits = await _searched(matching, Collection.POSTINGS, requests)

    def rank() -> Sequence[Ranked]:
        pairs = [(one.id, Pair(seeker, documents.opening(one), today, share)) for one, share in hits]
        return ranked(pairs, "openings", matching.weights, by_words_only=by_words_only)

    found = await asyncio.to_thread(rank)
    return schemas.Openings(
        worker=views.worker_summary(seeker, today),
        items=[views.proposed(place, one) for place, one in enumerate(found[:limit], start=1)],
        lexicon_version=matching.segmenter.lexicon.version,
        weights_version=matching.weights.version,
    )


async def index_status(matching: Matching) -> schemas.IndexStatus:
    """How much is searchable and what is under way. Raises IndexUnavailable, BusUnavailable."""
    found = await status.read(matching.index, matching.bus, matching.segmenter.lexicon.version)
    generations = {f"{collection.value}_generation": one.generation for collection, one in found.collections.items()}
    return schemas.IndexStatus(
        workers=found.collections[Collection.WORKERS].documents,
        postings=found.collections[Collection.POSTINGS].documents,
        lag=dict(found.lag),
        versions={"lexicon": found.lexicon_version, "weights": matching.weights.version, **generations},
    )


def _visible(seeker: Seeker) -> bool:
    return shown(seeker.profile)


async def _document(matching: Matching, collection: Collection, key: str, absent: str) -> Hit:
    found = (await matching.index.get(collection.value, [key])).get(key)
    if found is None:
        raise NotFound(absent)
    return found


async def _searched(matching: Matching, collection: Collection, requests: Sequence[SearchRequest]) -> list[tuple[Hit, float]]:
    """The union of several searches, each hit with its BM25 over the best of them."""
    best: dict[str, Hit] = {}
    for request in requests:
        for hit in (await matching.index.search(collection.value, request)).hits:
            if hit.id not in best or hit.score > best[hit.id].score:
                best[hit.id] = hit
    most = max((hit.score for hit in best.values()), default=0.0) or 1.0
    return [(hit, hit.score / most) for hit in best.values()]
