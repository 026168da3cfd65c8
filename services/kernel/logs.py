"""Structured logs: JSON lines for machines or a console for people, always redacted.

Identity numbers and phone numbers are blotted out wherever they stand, names by the key they are logged under
(PIPL article 51; security table "personal data in logs").
"""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, Final, Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

Format = Literal["auto", "json", "console"]

BLOT: Final = "[已隐去]"

# \d also matches full-width digits; people write numbers in groups.
_IDENTITY_NUMBER: Final = re.compile(r"(?<!\d)(?:\d[\s-]?){17}[\dXxＸｘ](?!\d)")
_PHONE_NUMBER: Final = re.compile(r"(?<!\d)[1１][3-9３-９](?:[\s-]?\d){9}(?!\d)")
# They log whole URLs, in which people type whom they look for.
_TOO_TALKATIVE: Final = ("httpx", "httpcore")
_PERSONAL_KEYS: Final = frozenset({"name", "full_name", "identity_number", "phone", "credential", "authorization", "token"})


def redact(value: object) -> Any:
    """The value without identity numbers and phone numbers, to any depth; what stands under a personal key goes whole."""
    if isinstance(value, bool | float | None):
        return value
    if isinstance(value, Mapping):
        return {redact(key): BLOT if key in _PERSONAL_KEYS else redact(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redact(inner) for inner in value]
    text = str(value)
    redacted = _PHONE_NUMBER.sub(BLOT, _IDENTITY_NUMBER.sub(BLOT, text))
    return value if isinstance(value, int) and redacted == text else redacted


def _redact_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The structlog processor. Runs last before rendering, when exceptions are text already."""
    redacted: EventDict = redact({key: value for key, value in event.items() if not key.startswith("_")})
    return redacted


def _renderer(log_format: str, stream: TextIO) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=stream.isatty())


def resolved(log_format: Format, stream: TextIO) -> Literal["json", "console"]:
    """What `auto` means for this stream: a console for people at a terminal, JSON lines for whatever collects them else."""
    if log_format == "auto":
        return "console" if stream.isatty() else "json"
    return log_format


def configure(level: str, log_format: Format, stream: TextIO | None = None) -> None:
    """Send everything logged by structlog and by the standard library to `stream` (standard error), one way for both."""
    out = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.PositionalArgumentsFormatter()],
            processors=[
                structlog.processors.StackInfoRenderer(),
                structlog.processors.format_exc_info,
                _redact_event,
                _renderer(resolved(log_format, out), out),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _TOO_TALKATIVE:
        logging.getLogger(name).setLevel("WARNING")
