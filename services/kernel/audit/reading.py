"""Reading the audit about one subject."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.audit.table import AuditTables
from services.kernel.audit.writer import blind_subject
from services.kernel.vault.port import Vault


async def about(
    connection: AsyncConnection,
    tables: AuditTables,
    vault: Vault,
    subject: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Sequence[Row[Any]]:
    """The rows about a record, in order, from `since` up to, not including, `until`."""
    rows = tables.rows
    statement = select(rows).where(rows.c.subject == blind_subject(vault, subject)).order_by(rows.c.position)
    if since is not None:
        statement = statement.where(rows.c.at >= since)
    if until is not None:
        statement = statement.where(rows.c.at < until)
    return (await connection.execute(statement)).all()
