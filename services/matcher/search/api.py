"""The routes of searching. Bodies, not URLs: what staff type may tell of a person (design decision 4)."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request

from services.contracts.permissions import Permission
from services.kernel.http.auth import Principal, require
from services.kernel.http.documentation import problem_responses
from services.matcher.indexer.documents import Collection
from services.matcher.resources import Matching
from services.matcher.search import queries, suggesting
from services.matcher.search.schemas import PostingHits, PostingSearch, Suggestions, WorkerHits, WorkerSearch

router = APIRouter(prefix="/v1", tags=["search"])
ROUTERS: Final = (router,)

Reader = Annotated[Principal, Depends(require(Permission.MATCHES_READ))]
MOST_SUGGESTED: Final = 10
Typed = Annotated[str, Query(max_length=100, description="what has been typed so far; the last word is completed")]


def matching_of(request: Request) -> Matching:
    """The service's resources."""
    resources: Matching = request.app.state.matcher
    return resources


Resources = Annotated[Matching, Depends(matching_of)]


@router.post("/search/workers", responses=problem_responses(400))
async def search_workers(search: WorkerSearch, resources: Resources, reader: Reader) -> WorkerHits:
    """People by structured filters and free text; the answer says how the text was understood."""
    return await queries.workers(resources, reader.scope, search)


@router.post("/search/postings", responses=problem_responses(400))
async def search_postings(search: PostingSearch, resources: Resources, reader: Reader) -> PostingHits:
    """Openings by structured filters and free text, with the sum of their vacancies."""
    return await queries.postings(resources, reader.scope, search)


@router.get("/suggest")
async def suggest(
    q: Typed,
    resources: Resources,
    reader: Reader,
    over: Collection = Collection.POSTINGS,
    limit: Annotated[int, Query(ge=1, le=MOST_SUGGESTED)] = 8,
) -> Suggestions:
    """Completions of the last word that still have hits together with the words before: by letters, pinyin or its initials."""
    return await suggesting.suggest(resources, reader.scope, q, over, limit)
