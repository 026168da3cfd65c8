"""The routes of a worker's intention."""

from fastapi import APIRouter, Response

from services.kernel.http.documentation import problem_responses
from services.workers.dependencies import Reader, Resources, Retryable, Writer
from services.workers.intentions import commands, queries
from services.workers.intentions.schemas import IntentionHistory, NewAsking
from services.workers.schemas import WorkerView

router = APIRouter(prefix="/v1/workers/{worker_id}/intentions", tags=["intentions"])


@router.post("", status_code=201, response_model=WorkerView, responses=problem_responses(404, 409, 422))
async def ask_worker(worker_id: str, body: NewAsking, resources: Resources, writer: Writer, call: Retryable) -> Response:
    """Keep that a person was asked what they want, and what they said; with a day alone it confirms what was known."""
    return (await commands.ask(resources, writer.scope, worker_id, body, call)).response()


@router.get("", responses=problem_responses(404))
async def read_intentions(worker_id: str, resources: Resources, reader: Reader) -> IntentionHistory:
    """What a person wants and wanted, who asked when, and how the words are understood."""
    return await queries.history(resources, reader.scope, worker_id)
