"""The route of bulk requests: PUT /v1/postings with a posting a line."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from services.jobs.api import Resources, Writer
from services.jobs.bulk import commands
from services.jobs.bulk.lines import BulkEnd, LineResult, OfferedLine, numbered
from services.kernel.http.admission import MEBIBYTE, TakesBody
from services.kernel.http.documentation import problem_responses

router = APIRouter(prefix="/v1/postings", tags=["postings"])
NDJSON: Final = "application/x-ndjson"
LARGEST_BODY: Final = 32 * MEBIBYTE
_TAKES: Final = [Depends(TakesBody(limit=LARGEST_BODY, media_types=(NDJSON,)))]
_BODY: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {NDJSON: {"schema": {"type": "string"}}}},
    "x-line": OfferedLine.model_json_schema(),
}
_ANSWER: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {NDJSON: {"schema": {"type": "string"}}}}}


@router.put(
    "",
    dependencies=_TAKES,
    openapi_extra=_BODY,
    responses=_ANSWER | problem_responses(404, 409),
    response_class=StreamingResponse,
)
async def put_postings(
    request: Request,
    resources: Resources,
    writer: Writer,
    employer_id: Annotated[str | None, Query(max_length=64, description="for staff: whose postings these are")] = None,
) -> StreamingResponse:
    """Up to 10,000 postings, one a line, each whole and known by its `external_reference`: new ones are published, known ones
    amended, `"state": "paused"` pauses and `"state": "closed"` closes. The answer has a result a line as they are taken, and an
    end; lines that are refused keep nobody else's from being taken. Sending it again changes nothing."""
    lines = numbered(await request.body())
    bulk = await commands.opened(resources, writer, employer_id)
    return StreamingResponse(_told(bulk.take(lines)), media_type=NDJSON)


async def _told(results: AsyncIterator[LineResult | BulkEnd]) -> AsyncIterator[bytes]:
    async for result in results:
        yield result.model_dump_json(exclude_none=True).encode() + b"\n"
