"""A posting from a pasted message, in one step."""

from typing import Any, Final

from pydantic import ValidationError

from services.jobs import commands
from services.jobs.compliance import check
from services.jobs.pasting import message
from services.jobs.pasting.schemas import Message, Pasted
from services.jobs.resources import Jobs
from services.jobs.schemas import NewPosting
from services.jobs.understanding.schemas import Understood
from services.jobs.views import PostingView
from services.kernel.errors import FieldError, InvalidInput
from services.kernel.http.auth import Principal
from services.kernel.http.idempotency import Answer, Call
from services.kernel.http.preconditions import etag
from services.kernel.http.validation import problem_of_errors

_NEEDED: Final = {
    "title": "没有读出岗位名称，请在 fields.title 里补填",
    "division_code": "没有读出工作地点，请在 fields.division_code 里补填",
    "headcount": "没有读出招聘人数，请在 fields.headcount 里补填",
}


async def publish_from_text(jobs: Jobs, caller: Principal, body: Message, call: Call | None) -> Answer:
    """Keep the posting that a message tells of, with the message word for word (sealed).

    Raises InvalidInput, naming what the message does not say, and what commands.publish raises."""
    today = jobs.clock.today()
    notice, understood = message.read(body.text, today)
    offered = _request(message.fields_of(notice, understood, body.text), caller, body)
    async with jobs.idempotency.transaction(jobs.store, call) as unit:
        if unit.answer is None:
            posting = await commands.kept(jobs, unit.connection, caller, offered)
            told = Pasted(posting=PostingView.of(posting), understood=Understood.of(understood, check(notice, today)))
            headers = {"ETag": etag(posting.version), "Location": f"/v1/postings/{posting.id}"}
            unit.answer = Answer.of(201, told, headers)
    return unit.answer


def _request(said: dict[str, Any], caller: Principal, body: Message) -> NewPosting:
    told = said | body.fields | {"original_text": body.text, "source": body.source, "intent": body.intent}
    if caller.scope.employer_id is not None or "employer_id" in body.fields:
        told.pop("employer_name", None)
    missing = [FieldError(f"/fields/{name}", "missing", detail) for name, detail in _NEEDED.items() if name not in told]
    if missing:
        raise InvalidInput("；".join(error.detail for error in missing), errors=missing)
    try:
        return NewPosting.model_validate(told)
    except ValidationError as wrong:
        raise problem_of_errors([{**error, "loc": ("body", "fields", *error["loc"])} for error in wrong.errors()]) from None
