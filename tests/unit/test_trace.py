"""W3C trace context: taken on, begun anew, carried into the log and the outbox row."""

import pytest
import structlog

from services.kernel import trace
from services.kernel.logs import redact

CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"


def test_the_caller_s_trace_goes_on_under_our_own_part() -> None:
    ours = trace.continued(CALLER)
    assert trace.trace_id(ours) == trace.trace_id(CALLER) == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert ours != CALLER
    assert ours.endswith("-00")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "nonsense",
        CALLER.upper(),
        f"ff{CALLER[2:]}",
        f"{CALLER}-more",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-4bf92f3577b34da6a3ce929d0e0e4736-{'0' * 16}-01",
        "00-13812345678aaaaaaaaaaaaaaaaaaaaa-00f067aa0ba902b7-01",  # a telephone number: the log would blot it out
    ],
)
def test_what_cannot_be_used_begins_a_new_trace(header: str | None) -> None:
    first, second = trace.trace_id(trace.continued(header)), trace.trace_id(trace.continued(header))
    assert first is not None
    assert first != second
    assert first not in (header or "")
    assert redact(first) == first


def test_work_carries_its_trace_and_leaves_none_behind() -> None:
    assert trace.traceparent() is None
    with trace.carried(CALLER) as ours:
        assert trace.traceparent() == ours
        assert structlog.contextvars.get_contextvars()["trace_id"] == trace.trace_id(CALLER)
    assert trace.traceparent() is None
    assert "trace_id" not in structlog.contextvars.get_contextvars()
