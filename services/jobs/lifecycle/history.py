"""What became of a posting, version by version: by whom, why, and which fields changed (their names, never their values)."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.jobs.lifecycle.tables import posting_history
from services.jobs.opening import differences
from services.jobs.posting import Posting


def changed_fields(before: Posting | None, after: Posting) -> list[str]:
    """The names of what differs; of a new posting none."""
    if before is None:
        return []
    names = list(differences(before.opening, after.opening))
    return names + [name for name in ("hidden", "duplicate_of") if getattr(before, name) != getattr(after, name)]


def entry(before: Posting | None, after: Posting, by: str) -> dict[str, Any]:
    """The row that tells of the newer version."""
    moved = before is None or before.status is not after.status
    return {
        "posting_id": after.id,
        "version": after.version,
        "at": after.updated_at,
        "by": by,
        "before": str(before.status) if before is not None else None,
        "status": str(after.status),
        "reason_code": after.reason_code if moved else "",
        "reason": after.reason if moved else "",
        "changed": changed_fields(before, after),
    }


async def append(connection: AsyncConnection, entries: Iterable[dict[str, Any]]) -> None:
    """Keep the rows, in the transaction of the change they tell of."""
    rows = list(entries)
    if rows:
        await connection.execute(insert(posting_history), rows)


async def of(connection: AsyncConnection, posting_id: str) -> Sequence[Row[Any]]:
    """The rows of a posting, oldest first."""
    mine = select(posting_history).where(posting_history.c.posting_id == posting_id).order_by(posting_history.c.version)
    return (await connection.execute(mine)).all()
