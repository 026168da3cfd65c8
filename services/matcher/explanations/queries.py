"""What is asked about one pair, or about one person's words."""

import asyncio
from typing import Final, Literal

from services.kernel.errors import Forbidden, NotFound
from services.kernel.http.auth import Principal
from services.kernel.index.port import Hit
from services.matcher import queries, reach
from services.matcher.explanations import schemas, views
from services.matcher.indexer.documents import Collection, shown
from services.matcher.queries import Shortlist
from services.matcher.ranking import documents
from services.matcher.ranking.judgement import Audience
from services.matcher.ranking.limits import exclusion
from services.matcher.ranking.nearest_miss import outcomes
from services.matcher.ranking.pair import Pair
from services.matcher.ranking.scoring import score
from services.matcher.ranking.weights import Direction
from services.matcher.resources import Matching

_STAFF_ONLY: Final = "只有工作人员可以查看"


async def candidate(matching: Matching, reader: Principal, posting_id: str, worker_id: str) -> schemas.Explanation:
    """One candidate of an opening, also who is excluded. Raises NotFound, RankingRefused, IndexUnavailable."""
    worker = await queries.document(matching, Collection.WORKERS, worker_id, queries.NO_WORKER)
    profile = documents.seeker(worker).profile
    if not (shown(profile) and reach.proposable(reader.scope, profile)):
        raise NotFound(queries.NO_WORKER)
    if profile.visibility.ranking is not True:
        raise queries.RankingRefused()
    found = await queries.shortlist_of_posting(matching, reader, posting_id)
    return await _explained(matching, "candidates", queries.audience(reader), found, worker)


async def opening(matching: Matching, reader: Principal, worker_id: str, posting_id: str) -> schemas.Explanation:
    """One opening of a worker, also one that is excluded. Raises NotFound, IndexUnavailable."""
    found = await queries.shortlist_of_worker(matching, reader, worker_id)
    posting = await queries.document(matching, Collection.POSTINGS, posting_id, queries.NO_POSTING)
    if not reach.readable(reader.scope, documents.opening(posting).posting):
        raise NotFound(queries.NO_POSTING)
    return await _explained(matching, "openings", "worker", found, posting)


async def facts(matching: Matching, reader: Principal, worker_id: str, min_version: int) -> schemas.WorkerFactsView:
    """What was understood of a person's words. Raises Forbidden for who is not staff, NotFound, IndexUnavailable."""
    if queries.audience(reader) != "staff":
        raise Forbidden(_STAFF_ONLY)
    hit = await queries.worker_document(matching, reader, worker_id, min_version)
    return views.understood(hit, documents.seeker(hit), matching.segmenter.lexicon.version)


async def _explained(
    matching: Matching, direction: Direction, audience: Audience, found: Shortlist, other: Hit
) -> schemas.Explanation:
    """`other`: whom or what the explanation is of, whether it stands in the list or not."""
    worker, posting = (other, found.subject) if direction == "candidates" else (found.subject, other)
    ranked = found.ranked
    place = next((place for place, one in enumerate(ranked, start=1) if one.id == other.id), None)
    if place is not None:
        pair = ranked[place - 1].pair
    else:
        pair = Pair(documents.seeker(worker), documents.opening(posting), matching.clock.today())

    def explain() -> schemas.Explanation:
        out = exclusion(pair)
        standing: Literal["proposed", "excluded", "not_found"] = (
            "excluded" if out else "proposed" if place is not None else "not_found"
        )
        return views.explanation(
            views.Judged(
                pair=pair,
                standing=standing,
                rank=place,
                of=len(ranked),
                exclusion=out,
                score=score(pair, direction, matching.weights, audience),
                for_worker=score(pair, direction, matching.weights, "worker"),
                outcomes=outcomes(pair, direction, matching.weights),
                audience=audience,
            ),
            worker,
            posting,
            lexicon_version=matching.segmenter.lexicon.version,
            weights_version=matching.weights.version,
        )

    return await asyncio.to_thread(explain)
