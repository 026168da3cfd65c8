"""The catalogue of metrics: every name, label and meaning in one place.

Labels are bounded (route templates, topics, services) and never personal: no id, no path, no word that somebody typed.
What is counted as it happens is counted where it happens; what must be asked for (backlogs) is asked for when Prometheus
asks us, by the parts that are `Measured`.
"""

import asyncio
from collections.abc import Iterable
from typing import Final, Protocol, runtime_checkable

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
MEASURE_WITHIN_S: Final = 3.0
UNKNOWN: Final = float("nan")
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

REGISTRY: Final = CollectorRegistry()

REQUEST_DURATION: Final = Histogram(
    "yungong_http_request_duration_seconds",
    "Requests by method, route template (- for none) and status",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
OUTBOX_UNPUBLISHED: Final = Gauge(
    "yungong_outbox_unpublished_events", "Committed events that the bus does not have yet", ["service"], registry=REGISTRY
)
OUTBOX_OLDEST: Final = Gauge(
    "yungong_outbox_oldest_unpublished_seconds",
    "Age of the oldest of them; 0 when there is none",
    ["service"],
    registry=REGISTRY,
)
RELAY_PUBLISHED: Final = Counter(
    "yungong_relay_published_events_total", "Events published and marked", ["topic"], registry=REGISTRY
)
RELAY_RETRIES: Final = Counter(
    "yungong_relay_retried_events_total", "Events not acknowledged, to be sent again", ["topic"], registry=REGISTRY
)
BUS_LAG: Final = Gauge(
    "yungong_bus_lag_messages", "Messages that the group of readers has not settled", ["topic", "group"], registry=REGISTRY
)
BUS_LAG_SECONDS: Final = Gauge(
    "yungong_bus_lag_seconds",
    "Age of the oldest message in a reader's hands; 0 when it waits for new ones",
    ["topic", "group"],
    registry=REGISTRY,
)
HOLDS: Final = Counter(
    "yungong_consumer_holds_total",
    "Messages put on hold: the sink was down or overloaded",
    ["topic", "group"],
    registry=REGISTRY,
)
DEAD_LETTERS: Final = Counter(
    "yungong_dead_letters_total", "Messages put aside for good, to be looked at", ["topic", "group"], registry=REGISTRY
)
INDEX_BATCH: Final = Histogram(
    "yungong_indexer_batch_messages",
    "Messages in one batch to the index",
    ["collection"],
    buckets=(1, 5, 10, 50, 100, 250, 500, 1000),
    registry=REGISTRY,
)
INDEX_BATCH_DURATION: Final = Histogram(
    "yungong_indexer_batch_duration_seconds",
    "Segmenting and writing one batch",
    ["collection"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=REGISTRY,
)
REFUSED_BY_LIMIT: Final = Counter(
    "yungong_refused_by_limit_total",
    "Requests refused because an allowance was spent, by allowance and kind of caller",
    ["allowance", "kind"],
    registry=REGISTRY,
)
IMPORT_ROWS: Final = Counter(
    "yungong_import_rows_total", "Rows of imports by what became of them", ["outcome"], registry=REGISTRY
)

_log = structlog.get_logger(__name__)


@runtime_checkable
class Measured(Protocol):
    """A part that sets gauges by asking its backends."""

    async def measure(self) -> None:
        """Set them; to UNKNOWN where a backend does not answer."""
        ...


def group(consumer_group: str) -> str:
    """The label of a consumer group: generations come and go, their readers are the same."""
    return "indexer" if consumer_group.startswith("indexer-") else consumer_group


async def exposition(parts: Iterable[object]) -> bytes:
    """All metrics in Prometheus's text format, after every part has measured what it can within MEASURE_WITHIN_S seconds."""
    await asyncio.gather(*(_measured(part) for part in parts if isinstance(part, Measured)))
    return generate_latest(REGISTRY)


async def _measured(part: Measured) -> None:
    try:
        async with asyncio.timeout(MEASURE_WITHIN_S):
            await part.measure()
    except Exception as error:  # figures of the others must still be told, whatever is wrong with this one
        _log.warning("not_measured", part=type(part).__name__, error=type(error).__qualname__)
