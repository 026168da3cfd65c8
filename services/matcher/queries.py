"""What the matcher is asked: retrieve, leave out what must not stand there, score, and say why."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.contracts.permissions import PrincipalKind
from services.kernel.errors import Conflict, NotFound, Unavailable
from services.kernel.http.auth import Principal
from services.kernel.index.port import Hit, SearchRequest
from services.matcher import reach, schemas, views
from services.matcher.indexer import status
from services.matcher.indexer.documents import Collection, shown
from services.matcher.ranking import documents, limits, retrieval, tiebreaks
from services.matcher.ranking.judgement import Audience
from services.matcher.ranking.pair import Pair
from services.matcher.ranking.ranked import Ranked, ranked
from services.matcher.resources import Matching

NO_POSTING: Final = "没有这个岗位，或者还没有编入检索"
NO_WORKER: Final = "没有这个人，或者还没有编入检索"
_PAUSES_S: Final = (0.05, 0.1, 0.2, 0.4, 0.8, 1.2)


class RankingRefused(Conflict):
    """The person objected to being ranked by a machine (PIPL article 24): staff look through the openings themselves."""

    code = "ranking_refused"
    title = "本人不接受自动推荐，请由工作人员当面介绍岗位"


class NotYetSearchable(Unavailable):
    """The index is still behind the version that was asked for."""

    code = "not_yet_searchable"
    title = "这次变更还没有进入检索，请稍后再试"


@dataclass(frozen=True, slots=True)
class Shortlist:
    """What was asked about, at the version that the index holds, and who or what stands in its list, best first."""

    subject: Hit
    today: date
    ranked: Sequence[Ranked]


async def candidates(
    matching: Matching, reader: Principal, posting_id: str, *, limit: int, by_words_only: bool, min_version: int = 0
) -> schemas.Candidates:
    """The best candidates in scope for an opening in scope; none once it is closed. Raises NotFound, NotYetSearchable,
    IndexUnavailable."""
    found = await shortlist_of_posting(matching, reader, posting_id, by_words_only=by_words_only, min_version=min_version)
    return schemas.Candidates(
        posting=views.posting_summary(documents.opening(found.subject)),
        items=[views.candidate(place, one) for place, one in enumerate(found.ranked[:limit], start=1)],
        subject_version=found.subject.version,
        lexicon_version=matching.segmenter.lexicon.version,
        weights_version=matching.weights.version,
    )


async def shortlist_of_posting(
    matching: Matching, reader: Principal, posting_id: str, *, by_words_only: bool = False, min_version: int = 0
) -> Shortlist:
    """Everybody in scope who may stand in an opening's list, in its order. Raises as `candidates`."""
    hit = await document(matching, Collection.POSTINGS, posting_id, NO_POSTING, min_version)
    opening, today = documents.opening(hit), matching.clock.today()
    if not reach.readable(reader.scope, opening.posting):
        raise NotFound(NO_POSTING)
    if limits.closed(opening, today) is not None:
        return Shortlist(hit, today, [])
    tokens = documents.posting_tokens(opening, matching.segmenter)
    requests = retrieval.workers_for(opening, tokens, today, reach.workers(reader.scope), plain=by_words_only)
    hits = await _searched(matching, Collection.WORKERS, requests)

    def rank() -> Sequence[Ranked]:
        pairs = [(one.id, Pair(documents.seeker(one), opening, today, share)) for one, share in hits]
        found = ranked(pairs, "candidates", matching.weights, audience(reader), by_words_only=by_words_only)
        return found if by_words_only else tiebreaks.settled(found, posting_id, today, matching.tiebreaks, audience(reader))

    return Shortlist(hit, today, await asyncio.to_thread(rank))


async def openings(
    matching: Matching, reader: Principal, worker_id: str, *, limit: int, by_words_only: bool, min_version: int = 0
) -> schemas.Openings:
    """The best openings for a worker in scope, in words for the worker. Raises NotFound, NotYetSearchable, IndexUnavailable."""
    found = await shortlist_of_worker(matching, reader, worker_id, by_words_only=by_words_only, min_version=min_version)
    return schemas.Openings(
        worker=views.worker_summary(documents.seeker(found.subject), found.today),
        items=[views.proposed(place, one) for place, one in enumerate(found.ranked[:limit], start=1)],
        subject_version=found.subject.version,
        lexicon_version=matching.segmenter.lexicon.version,
        weights_version=matching.weights.version,
    )


async def shortlist_of_worker(
    matching: Matching, reader: Principal, worker_id: str, *, by_words_only: bool = False, min_version: int = 0
) -> Shortlist:
    """Every opening that may stand in a worker's list, in its order. Raises as `openings`."""
    hit = await worker_document(matching, reader, worker_id, min_version)
    seeker, today = documents.seeker(hit), matching.clock.today()
    if seeker.profile.visibility.ranking is not True:
        raise RankingRefused()
    tokens = documents.worker_tokens(seeker, matching.segmenter)
    requests = retrieval.postings_for(seeker, tokens, today, plain=by_words_only)
    hits = await _searched(matching, Collection.POSTINGS, requests)

    def rank() -> Sequence[Ranked]:
        pairs = [(one.id, Pair(seeker, documents.opening(one), today, share)) for one, share in hits]
        return ranked(pairs, "openings", matching.weights, by_words_only=by_words_only)

    return Shortlist(hit, today, await asyncio.to_thread(rank))


def audience(reader: Principal) -> Audience:
    """Who reads an opening's candidates: staff see everything; employers and devices nothing sensitive."""
    return "staff" if reader.kind in {PrincipalKind.STAFF, PrincipalKind.SERVICE} else "outsider"


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


async def worker_document(matching: Matching, reader: Principal, worker_id: str, min_version: int = 0) -> Hit:
    """A worker whom the reader may see. Raises NotFound, NotYetSearchable, IndexUnavailable."""
    hit = await document(matching, Collection.WORKERS, worker_id, NO_WORKER, min_version)
    profile = documents.seeker(hit).profile
    if not (shown(profile) and reach.serves(reader.scope, profile)):
        raise NotFound(NO_WORKER)
    return hit


async def document(matching: Matching, collection: Collection, key: str, absent: str, min_version: int = 0) -> Hit:
    """A document at `min_version` or later, for which it waits a little: so that who wrote reads their own write.

    Raises NotFound, NotYetSearchable, IndexUnavailable.
    """
    for pause in (*_PAUSES_S, None):
        found = (await matching.get(collection.value, [key])).get(key)
        if found is not None and found.version >= min_version:
            return found
        if pause is None or not min_version:
            break
        await asyncio.sleep(pause)
    if min_version and found is not None:
        raise NotYetSearchable(f"检索里还是第 {found.version} 版")
    raise NotFound(absent)


async def _searched(matching: Matching, collection: Collection, requests: Sequence[SearchRequest]) -> list[tuple[Hit, float]]:
    """The union of several searches, each hit with its BM25 over the best of them."""
    best: dict[str, Hit] = {}
    for request in requests:
        for hit in (await matching.search(collection.value, request)).hits:
            if hit.id not in best or hit.score > best[hit.id].score:
                best[hit.id] = hit
    most = max((hit.score for hit in best.values()), default=0.0) or 1.0
    return [(hit, hit.score / most) for hit in best.values()]
