"""All SQL of the import tables."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.http.auth import Principal
from services.kernel.imports.outcomes import Finding
from services.kernel.imports.refusal import FileRefused
from services.kernel.imports.tables import DONE, REFUSED, RUNNING, UNFINISHED, WAITING, ImportTables

COUNTS: Final = ("rows_done", "accepted", "warned", "rejected", "created", "changed", "unchanged")


class ImportTaken(Exception):
    """Another process has gone on with this import meanwhile: nothing of this batch was written."""


@dataclass(slots=True)
class Batch:
    """What a batch brought: counts by name (COUNTS), findings by row, rejected rows as sealed bytes."""

    counts: Counter[str] = field(default_factory=Counter)
    findings: list[tuple[int, Finding]] = field(default_factory=list)
    rejects: list[tuple[int, bytes]] = field(default_factory=list)
    last_row: int = 0


class ImportLedger:
    """The import tables of one service. Every method works in the caller's transaction."""

    def __init__(self, tables: ImportTables) -> None:
        self._tables = tables

    async def open(self, connection: AsyncConnection, import_id: str, source: str, requester: Principal, at: datetime) -> None:
        """A new import."""
        row = {
            "id": import_id,
            "state": WAITING,
            "source": source,
            "requested_by": requester.id,
            "scope": requester.scope.document(),
            "created_at": at,
            **dict.fromkeys(COUNTS, 0),
            "last_row": 0,
            "attempts": 0,
            "sheet": {},
            "notes": {},
            "passed_over": [],
        }
        await connection.execute(insert(self._tables.imports), row)

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

    async def finish(self, connection: AsyncConnection, import_id: str, at: datetime) -> None:
        """All rows are done: forget the file."""
        imports = self._tables.imports
        done = {"state": DONE, "finished_at": at, "rows_total": imports.c.rows_done}
        await connection.execute(update(imports).where(imports.c.id == import_id).values(done))
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
