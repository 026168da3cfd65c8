"""The envelope of an event: CloudEvents 1.0, binary content mode (attributes in headers, data in the value).

Source: CloudEvents specification 1.0.2, Kafka protocol binding, section 3.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Self

SPEC_VERSION: Final = "1.0"
CONTENT_TYPE: Final = "application/json"


class BadEnvelope(ValueError):
    """A record's headers are not a CloudEvent that we know how to read. Poison: it never gets better by retrying."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event about one aggregate.

    `subject` is the aggregate's id and the record's key; `version` is the aggregate's version, which orders events (clocks do
    not); `data` is the JSON document, or None for a tombstone (the aggregate is gone: withdrawn or erased).
    """

    id: str
    type: str
    source: str
    subject: str
    version: int
    time: datetime
    data: bytes | None
    traceparent: str | None = None
    extensions: Mapping[str, str] = field(default_factory=dict)

    def headers(self) -> dict[str, str]:
        """The binary-mode headers of this event; `version` travels as the extension attribute `ce_aggregateversion`."""
        headers = {
            "ce_specversion": SPEC_VERSION,
            "ce_id": self.id,
            "ce_type": self.type,
            "ce_source": self.source,
            "ce_subject": self.subject,
            "ce_time": self.time.isoformat(),
            "ce_aggregateversion": str(self.version),
            "content-type": CONTENT_TYPE,
        }
        if self.traceparent:
            headers["traceparent"] = self.traceparent
        return headers

    @classmethod
    def parse(cls, headers: Mapping[str, str], value: bytes | None) -> Self:
        """The event in a record. Raises BadEnvelope when an attribute is missing or malformed."""
        try:
            if headers["ce_specversion"] != SPEC_VERSION:
                raise BadEnvelope(f"CloudEvents {headers['ce_specversion']} is not {SPEC_VERSION}")
            version = int(headers["ce_aggregateversion"])
            if version < 1:
                raise BadEnvelope(f"aggregate version {version} is not positive")
            return cls(
                id=headers["ce_id"],
                type=headers["ce_type"],
                source=headers["ce_source"],
                subject=headers["ce_subject"],
                version=version,
                time=datetime.fromisoformat(headers["ce_time"]),
                data=value,
                traceparent=headers.get("traceparent"),
            )
        except KeyError as missing:
            raise BadEnvelope(f"header {missing} is missing") from missing
        except ValueError as malformed:
            raise BadEnvelope(str(malformed)) from malformed
