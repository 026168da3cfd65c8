"""All SQL of the import tables."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.errors import NotFound
from services.kernel.http.auth import Principal, Scope
from services.kernel.imports.outcomes import Difference, Finding, Terms
from services.kernel.imports.refusal import FileRefused
from services.kernel.imports.tables import CHECKED, DONE, LAPSED, REFUSED, RUNNING, UNFINISHED, WAITING, ImportTables

COUNTS: Final = ("rows_done", "accepted", "warned", "rejected", "created", "changed", "unchanged")


_NOTHING_YET: Final[Mapping[str, Any]] = {
    "state": WAITING,
    **dict.fromkeys(COUNTS, 0),
    "last_row": 0,
    "attempts": 0,
    "sheet": {},
    "notes": {},
    "passed_over": [],
}


class ImportTaken(Exception):
    """Another process has gone on with this import meanwhile: nothing of this batch was written."""


@dataclass(slots=True)
class Batch:
    """What a batch brought: counts by name (COUNTS), findings by row, rejected rows as sealed bytes, and where rows and
    records differ (row, subject, differences)."""

    counts: Counter[str] = field(default_factory=Counter)
    findings: list[tuple[int, Finding]] = field(default_factory=list)
    rejects: list[tuple[int, bytes]] = field(default_factory=list)
    differences: list[tuple[int, str, Sequence[Difference]]] = field(default_factory=list)
    last_row: int = 0


class ImportLedger:
    """The import tables of one service. Every method works in the caller's transaction."""

    def __init__(self, tables: ImportTables) -> None:
        self._tables = tables

    async def open(
        self, connection: AsyncConnection, import_id: str, source: str, requester: Principal, *, terms: Terms, at: datetime
    ) -> None:
        """A new import."""
        row = {
            "id": import_id,
            "source": source,
            "requested_by": requester.id,
            "scope": requester.scope.document(),
            "created_at": at,
            "dry_run": terms.dry_run,
            "policy": terms.policy.value,
            "synonyms": dict(terms.synonyms),
            **_NOTHING_YET,
        }
        await connection.execute(insert(self._tables.imports), row)

    async def confirm(self, connection: AsyncConnection, import_id: str) -> bool:
        """What was only checked is to be carried out, from its first row on; False when it stands elsewhere."""
        imports = self._tables.imports
        here = (imports.c.id == import_id) & (imports.c.state == CHECKED)
        again = {"dry_run": False, "finished_at": None, "rows_total": None, **_NOTHING_YET}
        if (await connection.execute(update(imports).where(here).values(again))).rowcount == 0:
            return False
        for table in (self._tables.findings, self._tables.rejects, self._tables.differences):
            await connection.execute(delete(table).where(table.c.import_id == import_id))
        return True

    async def lapse(self, connection: AsyncConnection, before: datetime, at: datetime) -> int:
        """Forget the files of what was checked before that time and never confirmed; how many there were."""
        imports, files = self._tables.imports, self._tables.files
        old = (imports.c.state == CHECKED) & (imports.c.finished_at < before)
        await connection.execute(delete(files).where(files.c.import_id.in_(select(imports.c.id).where(old))))
        return (await connection.execute(update(imports).where(old).values(state=LAPSED, finished_at=at))).rowcount

    async def keep_file(self, connection: AsyncConnection, import_id: str, sealed: bytes) -> None:
        """Keep the sealed bytes until the import is finished."""
        await connection.execute(insert(self._tables.files), {"import_id": import_id, "content": sealed})

    async def file(self, connection: AsyncConnection, import_id: str) -> bytes | None:
        """The sealed bytes, while there are any."""
        files = self._tables.files
        return await connection.scalar(select(files.c.content).where(files.c.import_id == import_id))

    async def get(self, connection: AsyncConnection, import_id: str) -> Row[Any] | None:
        """An import's row."""
        imports = self._tables.imports
        return (await connection.execute(select(imports).where(imports.c.id == import_id))).one_or_none()

    async def readable(self, connection: AsyncConnection, import_id: str, reader: Principal) -> Row[Any]:
        """An import's row, for whoever made it and whose scope it is within. Raises NotFound."""
        row = await self.get(connection, import_id)
        if row is None or not (row.requested_by == reader.id or reader.scope.covers(Scope.of_document(row.scope))):
            raise NotFound("没有这次导入")
        return row

    async def next_unfinished(self, connection: AsyncConnection) -> Row[Any] | None:
        """The oldest import that is not finished."""
        imports = self._tables.imports
        unfinished = select(imports).where(imports.c.state.in_(UNFINISHED)).order_by(imports.c.id).limit(1)
        return (await connection.execute(unfinished)).one_or_none()

    async def attempt(self, connection: AsyncConnection, import_id: str) -> None:
        """Count one more start; progress sets the count back to 0."""
        imports = self._tables.imports
        counted = imports.c.attempts + 1
        await connection.execute(update(imports).where(imports.c.id == import_id).values(state=RUNNING, attempts=counted))

    async def describe(
        self, connection: AsyncConnection, import_id: str, sheet: Mapping[str, Any], rows_total: int | None
    ) -> None:
        """Keep what was found of the sheet."""
        imports = self._tables.imports
        found = update(imports).where(imports.c.id == import_id).values(sheet=dict(sheet), rows_total=rows_total)
        await connection.execute(found)

    async def advance(
        self,
        connection: AsyncConnection,
        import_id: str,
        batch: Batch,
        *,
        after_row: int,
        notes: Mapping[str, Any],
        passed_over: Sequence[Any],
    ) -> None:
        """Keep a batch's outcome. Raises ImportTaken unless the import stands at `after_row`."""
        imports = self._tables.imports
        values: dict[str, Any] = {name: imports.c[name] + batch.counts[name] for name in COUNTS}
        values |= {"last_row": batch.last_row, "attempts": 0, "notes": dict(notes), "passed_over": list(passed_over)}
        here = (imports.c.id == import_id) & (imports.c.last_row == after_row) & imports.c.state.in_(UNFINISHED)
        moved = await connection.execute(update(imports).where(here).values(values))
        if moved.rowcount != 1:
            raise ImportTaken(import_id)
        if batch.findings:
            rows = [{"import_id": import_id, "row": row, **asdict(finding)} for row, finding in batch.findings]
            await connection.execute(insert(self._tables.findings), rows)
        if batch.rejects:
            sealed = [{"import_id": import_id, "row": row, "cells": cells} for row, cells in batch.rejects]
            await connection.execute(insert(self._tables.rejects), sealed)

    async def finish(self, connection: AsyncConnection, import_id: str, at: datetime, *, dry_run: bool) -> None:
        """All rows are done: forget the file, unless they were only tried and somebody may confirm them yet."""
        imports = self._tables.imports
        done = {"state": CHECKED if dry_run else DONE, "finished_at": at, "rows_total": imports.c.rows_done}
        await connection.execute(update(imports).where(imports.c.id == import_id).values(done))
        if not dry_run:
            await self._forget_file(connection, import_id)

    async def refuse(self, connection: AsyncConnection, import_id: str, refused: FileRefused, at: datetime) -> None:
        """The file cannot be imported (further): keep why, forget the file."""
        imports = self._tables.imports
        why = {"state": REFUSED, "finished_at": at, "refusal_code": refused.code, "refusal_detail": refused.sentence}
        await connection.execute(update(imports).where(imports.c.id == import_id).values(why))
        await self._forget_file(connection, import_id)

    async def _forget_file(self, connection: AsyncConnection, import_id: str) -> None:
        files = self._tables.files
        await connection.execute(delete(files).where(files.c.import_id == import_id))

    async def findings(self, connection: AsyncConnection, import_id: str, limit: int) -> Sequence[Row[Any]]:
        """The first findings by row."""
        findings = self._tables.findings
        first = select(findings).where(findings.c.import_id == import_id).order_by(findings.c.row, findings.c.id)
        return (await connection.execute(first.limit(limit))).all()

    async def count_findings(self, connection: AsyncConnection, import_id: str) -> int:
        """How many findings there are."""
        findings = self._tables.findings
        counted = select(func.count()).select_from(findings).where(findings.c.import_id == import_id)
        return int(await connection.scalar(counted) or 0)

    async def rejects(self, connection: AsyncConnection, import_id: str) -> Sequence[Row[Any]]:
        """The rejected rows, sealed, by row."""
        rejects = self._tables.rejects
        rows = select(rejects).where(rejects.c.import_id == import_id).order_by(rejects.c.row)
        return (await connection.execute(rows)).all()

    async def rejections(self, connection: AsyncConnection, import_id: str) -> Mapping[int, Sequence[tuple[str, str]]]:
        """Row -> (column, reason) of everything that rejected it."""
        findings = self._tables.findings
        mine = (findings.c.import_id == import_id) & (findings.c.severity == "rejected")
        reasons: dict[int, list[tuple[str, str]]] = {}
        for row in await connection.execute(select(findings).where(mine).order_by(findings.c.row, findings.c.id)):
            reasons.setdefault(row.row, []).append((row.column, row.reason))
        return reasons
