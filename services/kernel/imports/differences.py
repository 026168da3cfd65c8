"""Where rows and records disagree: kept sealed with what was decided, told masked, decided by explicit ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.imports.outcomes import Decision, Difference, Taken
from services.kernel.imports.tables import ImportTables
from services.kernel.vault.port import Vault

OPEN: Final[Decision] = "open"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A difference of one row: its id, where it stands, and what was decided. `held` and `offered` in clear."""

    id: int
    row: int
    column: str
    held: str = field(repr=False)
    offered: str = field(repr=False)
    decision: Decision


class Differences:
    """The differences of one service's imports. Every method works in the caller's transaction. Raises VaultSealed."""

    def __init__(self, tables: ImportTables, vault: Vault) -> None:
        self._table = tables.differences
        self._vault = vault

    async def keep(
        self, connection: AsyncConnection, import_id: str, found: Sequence[tuple[int, str, Sequence[Difference]]]
    ) -> None:
        """Keep what was found: (row, subject, differences)."""
        rows = [
            {
                "import_id": import_id,
                "row": row,
                "subject": subject,
                "column": one.column,
                "sealed": self._vault.seal(_document(one), _place(import_id, row, one.column)),
                "decision": one.decision,
            }
            for row, subject, differences in found
            for one in differences
        ]
        if rows:
            await connection.execute(insert(self._table), rows)

    async def page(
        self, connection: AsyncConnection, import_id: str, decision: Decision | None, after: int, limit: int
    ) -> Sequence[Disagreement]:
        """Up to `limit` differences of an import after the one with id `after`, oldest first; None: whatever was decided."""
        table = self._table
        mine = select(table).where(table.c.import_id == import_id, table.c.id > after).order_by(table.c.id).limit(limit)
        rows = await connection.execute(mine if decision is None else mine.where(table.c.decision == decision))
        return [self._disagreement(row) for row in rows]

    async def counts(self, connection: AsyncConnection, import_id: str) -> Mapping[str, int]:
        """How many differences an import has by decision."""
        table = self._table
        counted = select(table.c.decision, func.count()).where(table.c.import_id == import_id).group_by(table.c.decision)
        return {decision: int(count) for decision, count in await connection.execute(counted)}

    async def decide(
        self, connection: AsyncConnection, import_id: str, ids: Sequence[int], decision: Decision, *, by: str, at: datetime
    ) -> Sequence[Taken]:
        """Decide those of `ids` that are still open; what the register has to carry out, empty for what is kept."""
        table = self._table
        still_open = (table.c.import_id == import_id) & table.c.id.in_(ids) & (table.c.decision == OPEN)
        rows = (await connection.execute(select(table).where(still_open).order_by(table.c.id).with_for_update())).all()
        if rows:
            decided = {"decision": decision, "decided_by": by, "decided_at": at}
            await connection.execute(update(table).where(table.c.id.in_([row.id for row in rows])).values(decided))
        if decision != "taken":
            return []
        return [Taken(row.subject, row.column, self._opened(row)["offer"]) for row in rows]

    async def forget(self, connection: AsyncConnection, import_id: str) -> None:
        """Forget an import's differences."""
        await connection.execute(delete(self._table).where(self._table.c.import_id == import_id))

    def _disagreement(self, row: Row[Any]) -> Disagreement:
        values = self._opened(row)
        return Disagreement(row.id, row.row, row.column, values["held"], values["offered"], row.decision)

    def _opened(self, row: Row[Any]) -> dict[str, Any]:
        document: dict[str, Any] = orjson.loads(self._vault.open(row.sealed, _place(row.import_id, row.row, row.column)))
        return document


def _document(one: Difference) -> bytes:
    return orjson.dumps({"held": one.held, "offered": one.offered, "offer": one.offer})


def _place(import_id: str, row: int, column: str) -> str:
    return f"import_differences.sealed:{import_id}:{row}:{column}"
