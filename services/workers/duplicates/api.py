"""The routes of /v1/workers/duplicates and /v1/workers/merges."""

from fastapi import APIRouter, Response

from services.kernel.http.documentation import problem_responses
from services.kernel.http.paging import Cursor, Limit, Page
from services.workers.dependencies import Reader, Resources, Retryable, Writer
from services.workers.duplicates import commands, queries
from services.workers.duplicates.repository import Reason
from services.workers.duplicates.schemas import Different, LikelyDuplicate, MergeView, NewMerge

router = APIRouter(prefix="/v1/workers", tags=["duplicates"])


@router.get("/duplicates")
async def list_duplicates(
    resources: Resources,
    reader: Reader,
    *,
    reason: Reason = Reason.SAME_NAME_AND_BIRTH,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[LikelyDuplicate]:
    """Records that may be one person's, with the reason. The same identity number cannot be registered twice at all."""
    return await queries.likely(resources, reader.scope, reason, cursor, limit)


@router.post("/duplicates/different", status_code=204, response_class=Response, responses=problem_responses(404))
async def tell_apart(body: Different, resources: Resources, writer: Writer) -> Response:
    """Keep that these records belong to different people."""
    await commands.tell_apart(resources, writer.scope, body.worker_ids)
    return Response(status_code=204)


@router.post("/merges", status_code=201, response_model=MergeView, responses=problem_responses(404, 409, 412, 422))
async def merge_workers(body: NewMerge, resources: Resources, writer: Writer, call: Retryable) -> Response:
    """Merge two records of one person; for thirty days it can be undone."""
    return (await commands.merge(resources, writer.scope, body, call)).response()


@router.post("/merges/{merge_id}/undoing", response_model=MergeView, responses=problem_responses(404, 409))
async def undo_merge(merge_id: str, resources: Resources, writer: Writer) -> Response:
    """Part two records again."""
    return (await commands.undo(resources, writer.scope, merge_id)).response()
