"""One change is followed from the request to the index by its trace id: outbox row, event header, log lines."""

import asyncio
from pathlib import Path

import structlog

from services.cli import embedded
from services.contracts.topics import JOB_POSTINGS
from services.kernel import trace
from tests.builders import CLOCK, new_posting, serving, settings

TRACE = "0af7651916cd43dd8448eb211c80319c"


async def test_a_change_is_followed_from_the_request_to_the_index(tmp_path: Path) -> None:
    application = embedded.build(settings(tmp_path), CLOCK)
    headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01", "Idempotency-Key": "one"}
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as said:
        async with serving(application, tmp_path) as client:
            assert (await client.post("/v1/postings", json=new_posting(), headers=headers)).status_code == 201
            # A log tells nobody of a new line: it is looked at again and again.
            while TRACE not in [one for line in said for one in line.get("traces", [])]:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            bus = application.state.backbone.bus
            (message,) = [one async for one in bus.snapshot([JOB_POSTINGS])]
    assert trace.trace_id(message.headers["traceparent"]) == TRACE
    assert message.headers["traceparent"] != headers["traceparent"]
    (request,) = [line for line in said if line["event"] == "request" and line["method"] == "POST"]
    assert request["trace_id"] == TRACE
    (indexed,) = [line for line in said if TRACE in line.get("traces", [])]
    assert (indexed["event"], indexed["collection"]) == ("indexed", "postings")
