"""How far the relay is behind, as a metric."""

from datetime import datetime

from sqlalchemy import Table, func, select

from services.kernel import metrics
from services.kernel.store.port import Store


async def measure(store: Store, table: Table, service: str, now: datetime) -> None:
    """Set the outbox's gauges for `service`. Raises StoreUnavailable; then they are UNKNOWN."""
    events, oldest_s = metrics.UNKNOWN, metrics.UNKNOWN
    try:
        async with store.read() as connection:
            waiting = select(func.count(), func.min(table.c.created_at)).where(table.c.published_at.is_(None))
            count, oldest = (await connection.execute(waiting)).one()
        events = float(count)
        oldest_s = max(0.0, (now - oldest).total_seconds()) if oldest is not None else 0.0
    finally:
        metrics.OUTBOX_UNPUBLISHED.labels(service).set(events)
        metrics.OUTBOX_OLDEST.labels(service).set(oldest_s)
