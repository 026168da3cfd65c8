"""The matcher's routes: candidates for an opening, openings for a worker, and how far the index is."""

from enum import StrEnum
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request

from services.contracts.permissions import Permission
from services.kernel.http.auth import Principal, require
from services.kernel.http.limits import Spends
from services.kernel.identity.port import Allowance
from services.matcher import queries
from services.matcher.resources import Matching
from services.matcher.schemas import Candidates, IndexStatus, Openings

router = APIRouter(prefix="/v1", tags=["matches"])
ROUTERS: Final = (router,)

Reader = Annotated[Principal, Depends(require(Permission.MATCHES_READ))]
Limit = Annotated[int, Query(ge=1, le=100, description="how many to propose")]

MinVersion = Annotated[
    int, Query(ge=0, description="the version that was just written: the answer waits for it a little, else 503")
]


class Order(StrEnum):
    """How the proposals are ordered. The filters are the same."""

    PARTS = "parts"
    """By the score of named parts."""
    BM25 = "bm25"
    """By the words in common alone: the yardstick of `yungong evaluate`. One part, no reasons."""


def matching_of(request: Request) -> Matching:
    """The service's resources."""
    resources: Matching = request.app.state.matcher
    return resources


Resources = Annotated[Matching, Depends(matching_of)]
Ordering = Annotated[Order, Query(description="parts, or bm25 as a yardstick")]


@router.get("/postings/{posting_id}/candidates", dependencies=[Depends(Spends(Allowance.CANDIDATE_PAGES))])
async def candidates(
    posting_id: str,
    resources: Resources,
    reader: Reader,
    *,
    limit: Limit = 20,
    order: Ordering = Order.PARTS,
    min_version: MinVersion = 0,
) -> Candidates:
    """Who fits this opening, best first, with reasons and gaps."""
    return await queries.candidates(
        resources, reader, posting_id, limit=limit, by_words_only=order is Order.BM25, min_version=min_version
    )


@router.get("/workers/{worker_id}/openings")
async def openings(
    worker_id: str,
    resources: Resources,
    reader: Reader,
    *,
    limit: Limit = 20,
    order: Ordering = Order.PARTS,
    min_version: MinVersion = 0,
) -> Openings:
    """Which openings fit this worker, best first, in words for the worker."""
    return await queries.openings(
        resources, reader, worker_id, limit=limit, by_words_only=order is Order.BM25, min_version=min_version
    )


@router.get("/index/status", dependencies=[Depends(require(Permission.MATCHES_READ))])
async def index_status(resources: Resources) -> IndexStatus:
    """How much is searchable and what is under way."""
    return await queries.index_status(resources)
