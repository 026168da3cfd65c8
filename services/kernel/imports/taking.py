"""Taking rows: from raw rows of a sheet to a batch's outcome, in one transaction per batch."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic

import orjson
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel import metrics
from services.kernel.clock import Clock
from services.kernel.imports.differences import Differences
from services.kernel.imports.healing import NOTES
from services.kernel.imports.ledger import Batch, ImportLedger
from services.kernel.imports.outcomes import Command, Finding, Origin, Reading, Register, SheetRow, Written
from services.kernel.imports.reading import RawRow, Sheet
from services.kernel.imports.rows import masked
from services.kernel.store.port import Store
from services.kernel.vault.masking import blot
from services.kernel.vault.port import Vault

FORMULA_IGNORED: Final = "formula_ignored"
DUPLICATE: Final = "duplicate_in_file"
_FOOTER_CELLS: Final = 2
_FOOTER: Final = re.compile(
    r"[（(【]?(?:(?:合|小|总|共)\s*计|(?:填报|填表|审核|制表|经办|负责|联系|统计)人|填报单位|说\s*明|备\s*注|注)(?:[)）】:：]|$)"
)
_EXAMPLES: Final = 20
_PASSED_OVER_SHOWN: Final = 50
_TRIES: Final = 3


@dataclass(slots=True)
class Progress:
    """What an import carries from batch to batch: where it stands, keys seen, notes by column and code, rows passed over."""

    last_row: int = 0
    seen: dict[str, int] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    passed_over: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Read(Generic[Command]):
    raw: RawRow
    reading: Reading[Command]


@dataclass(frozen=True, slots=True)
class Desk(Generic[Command]):
    """What importing works with in one service."""

    store: Store
    ledger: ImportLedger
    differences: Differences
    vault: Vault
    register: Register[Command]
    clock: Clock


class RowTaker(Generic[Command]):
    """Takes the rows of one sheet into a service's register; `dry_run`: tries them and takes everything back but the report."""

    def __init__(self, desk: Desk[Command], sheet: Sheet, origin: Origin, *, dry_run: bool = False) -> None:
        self._store = desk.store
        self._ledger = desk.ledger
        self._differences = desk.differences
        self._vault = desk.vault
        self._register = desk.register
        self._sheet = sheet
        self._origin = origin
        self._dry_run = dry_run

    async def take(self, rows: Sequence[RawRow], progress: Progress) -> None:
        """Take a batch. Rows up to `progress.last_row` were taken before a restart: only their keys are remembered.

        Raises ImportTaken when another process goes on with this import, and StoreUnavailable; then nothing was written.
        """
        read = await asyncio.to_thread(lambda: list(self._read(rows, progress)))
        if not rows or rows[-1].number <= progress.last_row:
            return
        for attempt in range(1, _TRIES + 1):
            try:
                await self._write(read, rows[-1].number, progress)
            except IntegrityError:
                # Someone registered one of these people between our look and our write: look again.
                if attempt == _TRIES:
                    raise
            else:
                break
        progress.last_row = rows[-1].number

    def _read(self, rows: Sequence[RawRow], progress: Progress) -> Iterator[_Read[Command]]:
        for raw in rows:
            row = self._row(raw, progress)
            if row is None:
                continue
            reading = self._register.read(row)
            first = progress.seen.setdefault(reading.key, raw.number) if reading.command and reading.key else raw.number
            if raw.number <= progress.last_row:
                continue
            if first != raw.number:
                reading = self._duplicate(reading, row, first)
            self._remember_notes(raw.number, reading, progress)
            yield _Read(raw, self._with_formulas(reading, row))

    def _row(self, raw: RawRow, progress: Progress) -> SheetRow | None:
        """The row by headings; None for what is no data: blank rows, the heading row once more, a line under the table."""
        filled = [cell for cell in raw.cells if cell.strip()]
        if not filled and not raw.formulas:
            return None
        columns = self._sheet.columns
        values = {
            heading: "" if column in raw.formulas or column >= len(raw.cells) else raw.cells[column]
            for heading, column in columns.items()
        }
        again = filled and all(values[heading] in ("", self._sheet.cells[column]) for heading, column in columns.items())
        short = len(filled) <= _FOOTER_CELLS
        stray = short and not any(values[name] for name in self._register.headings.required)
        stray = stray or (short and _FOOTER.match(filled[0].strip()) is not None)
        if again or stray:
            if raw.number > progress.last_row and len(progress.passed_over) < _PASSED_OVER_SHOWN:
                progress.passed_over.append({"row": raw.number, "text": blot(" ".join(filled))[:80]})
            return None
        formulas = frozenset(heading for heading, column in columns.items() if column in raw.formulas)
        return SheetRow(raw.number, values, formulas)

    def _duplicate(self, reading: Reading[Command], row: SheetRow, first: int) -> Reading[Command]:
        column = self._register.key_column
        value = masked(self._register.headings.headings[column].kind, row.values.get(column, ""))
        finding = Finding("rejected", column, DUPLICATE, f"与第 {first} 行重复，只取了第 {first} 行", value)
        return Reading(None, reading.key, (*reading.findings, finding), reading.notes)

    def _with_formulas(self, reading: Reading[Command], row: SheetRow) -> Reading[Command]:
        if not row.formulas:
            return reading
        found = [
            Finding("warning", heading, FORMULA_IGNORED, "这一格是公式，没有取用；请改成文字或数字")
            for heading in sorted(row.formulas)
        ]
        return Reading(reading.command, reading.key, (*reading.findings, *found), reading.notes)

    def _remember_notes(self, number: int, reading: Reading[Command], progress: Progress) -> None:
        for note in reading.notes:
            kept = progress.notes.setdefault(
                f"{note.column}:{note.code}",
                {
                    "column": note.column,
                    "code": note.code,
                    "text": note.text or NOTES.get(note.code, ""),
                    "count": 0,
                    "rows": [],
                },
            )
            kept["count"] += 1
            if len(kept["rows"]) < _EXAMPLES:
                kept["rows"].append(number)

    async def _write(self, read: Sequence[_Read[Command]], last_row: int, progress: Progress) -> None:
        """One transaction: the commands, their outbox rows, the findings, the import's counts."""
        commands = [row.reading.command for row in read if row.reading.command is not None]
        async with self._store.write() as connection:
            written = iter(await self._written(connection, commands))
            batch = Batch(last_row=last_row)
            for row in read:
                outcome = next(written) if row.reading.command is not None else Written(None)
                self._count(row, outcome, batch)
            await self._ledger.advance(
                connection,
                self._origin.import_id,
                batch,
                after_row=progress.last_row,
                notes=progress.notes,
                passed_over=progress.passed_over,
            )
            await self._differences.keep(connection, self._origin.import_id, batch.differences)
        for result in () if self._dry_run else ("accepted", "rejected"):
            metrics.IMPORT_ROWS.labels(result).inc(batch.counts[result])

    async def _written(self, connection: AsyncConnection, commands: Sequence[Command]) -> Sequence[Written]:
        if not commands:
            return ()
        if not self._dry_run:
            return await self._register.write(connection, commands, self._origin)
        async with connection.begin_nested() as trial:
            written = await self._register.write(connection, commands, self._origin)
            await trial.rollback()
        return written

    def _count(self, row: _Read[Command], outcome: Written, batch: Batch) -> None:
        findings = (*row.reading.findings, *outcome.findings)
        batch.findings.extend((row.raw.number, finding) for finding in findings)
        counts: Counter[str] = batch.counts
        counts["rows_done"] += 1
        if outcome.effect is None:
            counts["rejected"] += 1
            place = reject_place(self._origin.import_id, row.raw.number)
            batch.rejects.append((row.raw.number, self._vault.seal(orjson.dumps(list(row.raw.cells)), place)))
            return
        if outcome.differences:
            batch.differences.append((row.raw.number, outcome.subject, outcome.differences))
        counts["accepted"] += 1
        counts["warned"] += bool(findings)
        counts[outcome.effect.value] += 1


def reject_place(import_id: str, row: int) -> str:
    """Where a rejected row's cells are bound to (Vault.seal)."""
    return f"import_rejects.cells:{import_id}:{row}"
