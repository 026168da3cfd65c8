"""Logs are structured, and tell nothing personal whatever is handed to them."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from services.kernel import logs

IDENTITY_NUMBER = "539908197707237786"
PHONE = "15400006818"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """A stream that receives the logs as JSON lines; the root logger is put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    out = io.StringIO()
    logs.configure("INFO", "json", out)
    yield out
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "said",
    [
        IDENTITY_NUMBER,
        "5399 0819770723778X",
        "53990819770723778x",
        "539908 1977 0723 7786",
        PHONE,
        "154 0000 6818",
        "154-0000-6818",
        "１５４００００６８１８",
        f"row {IDENTITY_NUMBER}/{PHONE} failed",
    ],
)
def test_numbers_of_people_are_blotted_out(said: str) -> None:
    redacted = logs.redact(said)
    assert logs.BLOT in redacted
    assert "6818" not in redacted
    assert "778" not in redacted
    assert "６８１８" not in redacted


@pytest.mark.parametrize(
    "said", ["w_01JD3ZABCDEFGHJKMNPQRSTVWX", "1700000000000", "2026-11-01T12:00:00.000000Z", 42, None, True]
)
def test_other_things_are_left_alone(said: object) -> None:
    assert logs.redact(said) == said


def test_depth_keys_and_integers_are_covered() -> None:
    assert logs.redact({"rows": [{PHONE: int(PHONE)}], "name": "张三"}) == {
        "rows": [{logs.BLOT: logs.BLOT}],
        "name": logs.BLOT,
    }


def test_both_kinds_of_loggers_and_exceptions_are_redacted(stream: io.StringIO) -> None:
    structlog.get_logger("ours").info("row refused", value=IDENTITY_NUMBER)
    logging.getLogger("theirs").warning("about %s", PHONE)
    try:
        int(f"{PHONE}?")
    except ValueError:
        structlog.get_logger("ours").exception("failed")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["row refused", f"about {logs.BLOT}", "failed"]
    assert [line["logger"] for line in lines] == ["ours", "theirs", "ours"]
    assert "Traceback" in lines[2]["exception"]
    assert IDENTITY_NUMBER not in stream.getvalue()
    assert PHONE not in stream.getvalue()


def test_the_level_is_kept(stream: io.StringIO) -> None:
    structlog.get_logger("ours").debug("too fine")
    assert stream.getvalue() == ""
