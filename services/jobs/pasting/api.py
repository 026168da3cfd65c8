"""The route of /v1/postings/from-text."""

from fastapi import APIRouter, Response

from services.jobs.api import Resources, Retryable, Writer
from services.jobs.pasting.commands import publish_from_text
from services.jobs.pasting.schemas import Message, Pasted
from services.kernel.http.documentation import problem_responses

router = APIRouter(prefix="/v1/postings", tags=["postings"])


@router.post("/from-text", status_code=201, response_model=Pasted, responses=problem_responses(409, 422))
async def paste_posting(body: Message, resources: Resources, writer: Writer, call: Retryable) -> Response:
    """A posting from a pasted message in one step: what its words say, with those words, to be confirmed; a draft unless
    `intent` says publish. What is missing is named; `fields` fills it in."""
    return (await publish_from_text(resources, writer, body, call)).response()
