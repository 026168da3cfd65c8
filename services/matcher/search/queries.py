"""What a search is answered with: understood, compiled with scope and filters, asked of the index once or a few times."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.kernel.http.auth import Scope
from services.kernel.index import All, Hits, Match, Not, Position, Query, SearchRequest, Sort
from services.matcher import reach, views
from services.matcher.indexer.documents import Collection
from services.matcher.ranking import documents
from services.matcher.resources import Matching
from services.matcher.search import compiling, facets
from services.matcher.search.compiling import Compiled
from services.matcher.search.concepts import TEXT_FIELDS, Understanding
from services.matcher.search.filters import posting_conditions, worker_conditions
from services.matcher.search.schemas import (
    ConceptView,
    IgnoredView,
    PostingHit,
    PostingHits,
    PostingOrder,
    PostingSearch,
    UnderstoodView,
    WorkerHit,
    WorkerHits,
    WorkerOrder,
    WorkerSearch,
    Yardstick,
)
from services.matcher.search.understanding import understand

ENOUGH: Final = 10
"""With fewer hits that meet everything, those that meet most are shown after them."""

# Two tables: members of two enumerations with the same value are the same key.
_WORKER_SORTS: Final = {
    WorkerOrder.AGE: "birth_date",
    WorkerOrder.PAY: "pay_wish",
    WorkerOrder.CONFIRMED: "confirmed",
    WorkerOrder.START: "start_from",
}
_POSTING_SORTS: Final = {
    PostingOrder.PAY: "pay_max",
    PostingOrder.VALID_UNTIL: "valid_until",
    PostingOrder.PUBLISHED: "published_on",
    PostingOrder.HEADCOUNT: "vacancies",
}


async def workers(matching: Matching, scope: Scope, search: WorkerSearch) -> WorkerHits:
    """People in scope who were found. Raises UnknownCode, BadRequest (bad_cursor), IndexUnavailable."""
    today = matching.clock.today()
    allowed = [
        compiling.shown(Collection.WORKERS, today),
        *reach.registered(scope),
        *worker_conditions(search.filters, today, "/filters"),
        *map(Not, worker_conditions(search.exclude, today, "/exclude")),
    ]
    found = await _searched(matching, Collection.WORKERS, search, All(allowed), ())
    return WorkerHits(
        items=[
            WorkerHit(worker_id=hit.id, score=hit.score, summary=views.worker_summary(documents.seeker(hit), today))
            for hit in found.hits.hits
        ],
        facets={name.value: facets.named(name, found.hits.facets[name.value]) for name in search.facets},
        **found.common(matching),
    )


async def postings(matching: Matching, scope: Scope, search: PostingSearch) -> PostingHits:
    """Openings in scope that were found. Raises UnknownCode, BadRequest (bad_cursor), IndexUnavailable."""
    today = matching.clock.today()
    allowed = [
        compiling.shown(Collection.POSTINGS, today),
        *reach.postings(scope),
        *posting_conditions(search.filters, today, "/filters"),
        *map(Not, posting_conditions(search.exclude, today, "/exclude")),
    ]
    found = await _searched(matching, Collection.POSTINGS, search, All(allowed), ("vacancies",))
    return PostingHits(
        items=[
            PostingHit(posting_id=hit.id, score=hit.score, summary=views.posting_summary(documents.opening(hit)))
            for hit in found.hits.hits
        ],
        vacancies=found.hits.sums["vacancies"],
        facets={name.value: facets.named(name, found.hits.facets[name.value]) for name in search.facets},
        **found.common(matching),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    hits: Hits
    understood: Understanding
    met: int
    next_cursor: str | None

    def common(self, matching: Matching) -> dict[str, Any]:
        """What both answers tell."""
        return {
            "total": self.hits.total,
            "understood": _view(self),
            "next_cursor": self.next_cursor,
            "lexicon_version": matching.segmenter.lexicon.version,
            "weights_version": matching.weights.version,
        }


async def _searched(
    matching: Matching, over: Collection, search: WorkerSearch | PostingSearch, allowed: Query, sums: Sequence[str]
) -> _Found:
    today = matching.clock.today()
    understood, strictness = await asyncio.to_thread(_compiled, matching, over, search, allowed)
    bound = _bound(matching, over, search, today)
    after = None
    if search.cursor is not None:
        level, after = _position(matching.cursors.decode(search.cursor, bound))
        strictness = [one for one in strictness if one.must_meet == level]
    hits = Hits([], 0)
    for compiled in strictness:
        hits = await matching.search(over.value, _request(search, compiled, after, today, sums))
        if hits.total >= ENOUGH:
            break
    last = hits.hits[-1].position if len(hits.hits) == search.limit else None
    cursor = None if last is None else matching.cursors.encode(_told(compiled.must_meet, last), bound)
    return _Found(hits, understood, compiled.must_meet, cursor)


def _compiled(
    matching: Matching, over: Collection, search: WorkerSearch | PostingSearch, allowed: Query
) -> tuple[Understanding, Sequence[Compiled]]:
    """How the text was read, and what to ask: the strictest first."""
    if search.by is Yardstick.WORDS:
        tokens = dict.fromkeys(matching.segmenter.query_tokens(search.q), 1.0)
        plain = Match(dict.fromkeys(TEXT_FIELDS[over], 1.0), tokens)
        return Understanding(search.q, over), [Compiled(allowed, (), plain if tokens else None, 0)]
    understood = understand(search.q, over, matching.clock.today(), matching.segmenter)
    return understood, [compiling.compiled(understood, allowed, level) for level in compiling.levels(understood)]


def _request(
    search: WorkerSearch | PostingSearch, compiled: Compiled, after: Position | None, today: date, sums: Sequence[str]
) -> SearchRequest:
    return SearchRequest(
        compiled.filter,
        compiled.match,
        require_match=False,
        size=search.limit,
        boosts=compiled.boosts,
        sort=_sort(search),
        after=after,
        facets=facets.asked(search.facets, today),
        sums=sums,
    )


def _sort(search: WorkerSearch | PostingSearch) -> Sort | None:
    if isinstance(search, PostingSearch):
        column = _POSTING_SORTS.get(search.sort)
        return None if column is None else Sort(column, search.descending)
    field = _WORKER_SORTS.get(search.sort)
    if field is None:
        return None
    # Ages go up while birthdays go down.
    return Sort(field, search.descending != (search.sort is WorkerOrder.AGE))


def _bound(matching: Matching, over: Collection, search: WorkerSearch | PostingSearch, today: date) -> dict[str, str | None]:
    """What a cursor is good for: this very search, on this day, read by this lexicon."""
    asked = search.model_dump_json(exclude={"cursor", "limit", "facets"})
    digest = hashlib.sha256(asked.encode()).hexdigest()
    return {"list": f"search_{over}", "search": digest, "day": today.isoformat(), "lexicon": matching.segmenter.lexicon.version}


def _told(level: int, position: Position) -> list[str | int | float | None]:
    key = position.key
    return [level, key.isoformat() if isinstance(key, date) else key, position.id]


def _position(told: Sequence[Any]) -> tuple[int, Position]:
    level, key, id_ = told
    return int(level), Position(date.fromisoformat(key) if isinstance(key, str) else key, str(id_))


def _view(found: _Found) -> UnderstoodView:
    understood = found.understood
    return UnderstoodView(
        concepts=[
            ConceptView(
                kind=concept.kind,
                text=understood.text[concept.start : concept.end],
                label=concept.label,
                use="filter" if concept.must is not None and not concept.meets else "order",
                negated=concept.negated,
            )
            for concept in understood.concepts
        ],
        words=list(understood.tokens),
        ignored=[IgnoredView(text=one.text, reason=one.reason) for one in understood.ignored],
        asked=sum(concept.meets is not None for concept in understood.concepts),
        met=found.met,
    )
