"""What a clerk does with an import beside waiting for it: confirm what was only tried, decide where rows and records differ."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Generic

from services.kernel.audit import Audit, Entry
from services.kernel.errors import Conflict
from services.kernel.http.auth import Principal
from services.kernel.imports.outcomes import Command, Decision, Origin, Settles
from services.kernel.imports.rows import masked
from services.kernel.imports.schemas import DecisionsView, DifferencePage, DifferenceView
from services.kernel.imports.tables import CHECKED
from services.kernel.imports.taking import Desk

KEPT_FOR: Final = timedelta(days=7)
"""How long the file of a trial waits for its confirmation."""


class Review(Generic[Command]):
    """The review of one service's imports."""

    def __init__(self, desk: Desk[Command], audit: Audit, asked: asyncio.Event) -> None:
        self._desk = desk
        self._audit = audit
        self._asked = asked

    async def confirm(self, import_id: str, reader: Principal) -> None:
        """Carry out what was tried. Confirming again changes nothing. Raises NotFound, and Conflict (code import_lapsed) when
        the file was forgotten after seven days or the import has not been checked yet (import_not_checked)."""
        async with self._desk.store.write() as connection:
            row = await self._desk.ledger.readable(connection, import_id, reader)
            if row.dry_run and row.state != CHECKED:
                raise _unconfirmable(row.state)
            if await self._desk.ledger.confirm(connection, import_id):
                await self._audit.record(connection, Entry("import.confirmed", import_id))
        self._asked.set()

    async def lapse(self) -> None:
        """Forget the files of trials that nobody confirmed in time."""
        now = self._desk.clock.now()
        async with self._desk.store.write() as connection:
            await self._desk.ledger.lapse(connection, _oldest(now), now)

    async def differences(
        self, import_id: str, reader: Principal, decision: Decision | None, *, after: int, limit: int
    ) -> DifferencePage:
        """A page of an import's differences, values masked as in the report. Raises NotFound."""
        async with self._desk.store.read() as connection:
            await self._desk.ledger.readable(connection, import_id, reader)
            found = await self._desk.differences.page(connection, import_id, decision, after, limit + 1)
            counts = await self._desk.differences.counts(connection, import_id)
        headings = self._desk.register.headings.headings
        items = [
            DifferenceView(
                id=one.id,
                row=one.row,
                column=one.column,
                held=masked(headings[one.column].kind, one.held),
                offered=masked(headings[one.column].kind, one.offered),
                decision=one.decision,
            )
            for one in found[:limit]
        ]
        return DifferencePage(items=items, next_after=items[-1].id if len(found) > limit else None, counts=dict(counts))

    async def decide(self, import_id: str, reader: Principal, take: Sequence[int], keep: Sequence[int]) -> DecisionsView:
        """Take what the sheet says for the differences `take`, keep what is held for `keep`; those already decided stay as
        they are. Raises NotFound, Conflict (import_not_done) for a trial."""
        desk = self._desk
        async with desk.store.write() as connection:
            row = await desk.ledger.readable(connection, import_id, reader)
            if row.dry_run:
                raise Conflict("这次导入只是试算，请先确认导入", code="import_not_done")
            now = desk.clock.now()
            taken = await desk.differences.decide(connection, import_id, take, "taken", by=reader.id, at=now)
            await desk.differences.decide(connection, import_id, keep, "kept", by=reader.id, at=now)
            if taken and isinstance(desk.register, Settles):
                await desk.register.settle(connection, taken, Origin(import_id, row.source, reader.scope))
            await self._audit.record(connection, Entry("import.decided", import_id))
            counts = await desk.differences.counts(connection, import_id)
        return DecisionsView(taken=len(taken), counts=dict(counts))


def _oldest(now: datetime) -> datetime:
    return now - KEPT_FOR


def _unconfirmable(state: str) -> Conflict:
    if state in ("waiting", "running"):
        return Conflict("还在试算，请等它完成再确认", code="import_not_checked")
    return Conflict("试算的文件已不在，请重新上传", code="import_lapsed")
