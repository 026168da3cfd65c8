"""A service's imports: taking files in, working through them in the background, telling how it went."""

import asyncio
from datetime import datetime, timedelta
from typing import Any, Final, Generic

import structlog
from sqlalchemy import Row

from services.kernel import trace
from services.kernel.audit import Actor, Audit, Entry, acting
from services.kernel.clock import Clock
from services.kernel.errors import TooLarge
from services.kernel.http.auth import Principal, Scope
from services.kernel.ids import new_id
from services.kernel.imports import reading
from services.kernel.imports.differences import Differences
from services.kernel.imports.ledger import ImportLedger, ImportTaken
from services.kernel.imports.outcomes import Command, Origin, Policy, Register, Terms
from services.kernel.imports.refusal import FileRefused
from services.kernel.imports.report import rejected_rows_sheet
from services.kernel.imports.review import Review
from services.kernel.imports.schemas import ImportView, view_of
from services.kernel.imports.tables import ImportTables
from services.kernel.imports.taking import Desk, Progress, RowTaker
from services.kernel.imports.templates import Templates
from services.kernel.pauses import occurs
from services.kernel.store.port import Lock, Store
from services.kernel.vault.port import Vault

UPLOAD_LIMIT: Final = 50 * 1024 * 1024
"""Bytes of an uploaded file."""
LOCK: Final = "imports"

_STANDBY_S: Final = 1.0
_POLL_S: Final = 1.0
_MOST_ATTEMPTS: Final = 5
_LAPSES_EVERY: Final = timedelta(hours=1)
_FINDINGS_SHOWN: Final = 1000
_LONGEST_SOURCE: Final = 200

_log = structlog.get_logger(__name__)


class Imports(Generic[Command]):
    """The imports of one service. `run` works in the background; the rest answers at once."""

    def __init__(
        self, store: Store, tables: ImportTables, vault: Vault, register: Register[Command], *, audit: Audit, clock: Clock
    ) -> None:
        self._desk = Desk(store, ImportLedger(tables), Differences(tables, vault), vault, register, clock)
        self._audit = audit
        self._asked = asyncio.Event()
        self.review = Review(self._desk, audit, self._asked)
        self.templates = Templates(store, tables, register.headings, audit=audit, clock=clock)

    async def submit(self, content: bytes, source: str, requester: Principal, terms: Terms | None = None) -> ImportView:
        """Take a file in; it is worked through by `run`. The bytes are kept sealed until then, across crashes.

        `source` is the file's name; rows are taken within the requester's scope; without `terms` they are carried out and
        newer wins. Raises TooLarge over 50 MB.
        """
        if len(content) > UPLOAD_LIMIT:
            raise TooLarge(f"文件不能超过 {UPLOAD_LIMIT // 1024 // 1024} MB", code="file_too_large")
        import_id = new_id("imp")
        sealed = await asyncio.to_thread(self._desk.vault.seal, content, _file_place(import_id))
        async with self._desk.store.write() as connection:
            ledger = self._desk.ledger
            at = self._desk.clock.now()
            await ledger.open(connection, import_id, _base_name(source), requester, terms=terms or Terms(), at=at)
            await ledger.keep_file(connection, import_id, sealed)
            await self._audit.record(connection, Entry("import.submitted", import_id))
        self._asked.set()
        return await self.view(import_id, requester)

    async def view(self, import_id: str, reader: Principal) -> ImportView:
        """State, progress and report of an import that the reader made, or whose scope is within the reader's. Raises
        NotFound."""
        async with self._desk.store.read() as connection:
            row = await self._desk.ledger.readable(connection, import_id, reader)
            findings = await self._desk.ledger.findings(connection, import_id, _FINDINGS_SHOWN)
            total = await self._desk.ledger.count_findings(connection, import_id)
            differences = await self._desk.differences.counts(connection, import_id)
        return view_of(row, findings, total, differences)

    async def rejected_sheet(self, import_id: str, reader: Principal) -> bytes:
        """The rejected rows as an .xlsx, with their reasons beside, to be corrected and uploaded again. Raises NotFound.

        They are shown as they were sent: that is audited before anybody sees them."""
        async with self._desk.store.write() as connection:
            row = await self._desk.ledger.readable(connection, import_id, reader)
            rejects = await self._desk.ledger.rejects(connection, import_id)
            reasons = await self._desk.ledger.rejections(connection, import_id)
            await self._audit.record(connection, Entry("import.rejects_read", import_id))
        return await asyncio.to_thread(rejected_rows_sheet, row, rejects, reasons, self._desk.vault)

    async def run(self, stop: asyncio.Event) -> None:
        """Work through the imports, oldest first, until `stop` is set; then the batch under way is finished and the rest
        waits for the next start. One process per database is at work at a time. Raises StoreUnavailable, VaultSealed."""
        while not stop.is_set():
            lock = await self._desk.store.try_lock(LOCK)
            if lock is None:
                await occurs(stop, _STANDBY_S)
                continue
            try:
                await self._hold(lock, stop)
            finally:
                await lock.release()

    async def _hold(self, lock: Lock, stop: asyncio.Event) -> None:
        looked: datetime | None = None
        while not stop.is_set() and await lock.held():
            self._asked.clear()
            if not await self.step(stop):
                now = self._desk.clock.now()
                if looked is None or now - looked >= _LAPSES_EVERY:
                    await self.review.lapse()
                    looked = now
                await _either(self._asked, stop, _POLL_S)

    async def step(self, stop: asyncio.Event) -> bool:
        """Work through the oldest unfinished import. False: there was none. For tests and for `run`."""
        ledger = self._desk.ledger
        async with self._desk.store.read() as connection:
            row = await ledger.next_unfinished(connection)
            sealed = await ledger.file(connection, row.id) if row is not None else None
        if row is None:
            return False
        try:
            with trace.carried(), acting(Actor(row.requested_by, "import", request_id=row.id)):
                _log.info("import_works", import_id=row.id)
                await self._start(row, sealed, stop)
        except FileRefused as refused:
            _log.info("an import was refused", import_id=row.id, code=refused.code)
            async with self._desk.store.write() as connection:
                await ledger.refuse(connection, row.id, refused, self._desk.clock.now())
        except ImportTaken:
            _log.warning("an import is being worked on by another process", import_id=row.id)
        return True

    async def _start(self, row: Row[Any], sealed: bytes | None, stop: asyncio.Event) -> None:
        if sealed is None:
            raise FileRefused("source_gone")
        if row.attempts >= _MOST_ATTEMPTS:
            raise FileRefused("rows_failed", f"停在第 {row.last_row} 行之后")
        async with self._desk.store.write() as connection:
            await self._desk.ledger.attempt(connection, row.id)
        content = await asyncio.to_thread(self._desk.vault.open, sealed, _file_place(row.id))
        progress = Progress(row.last_row, notes=dict(row.notes), passed_over=list(row.passed_over))
        async with reading.open_file(content, self._desk.register.headings.path, row.synonyms) as source:
            await self._work_through(row, source, progress, stop)

    async def _work_through(self, row: Row[Any], source: reading.Source, progress: Progress, stop: asyncio.Event) -> None:
        async with self._desk.store.write() as connection:
            await self._desk.ledger.describe(connection, row.id, source.sheet.document(), source.sheet.expected)
        origin = Origin(row.id, row.source, Scope.of_document(row.scope), Policy(row.policy))
        taker = RowTaker(self._desk, source.sheet, origin, dry_run=row.dry_run)
        async for rows in source.batches:
            await taker.take(rows, progress)
            if stop.is_set():
                return
        async with self._desk.store.write() as connection:
            await self._desk.ledger.finish(connection, row.id, self._desk.clock.now(), dry_run=row.dry_run)


async def _either(first: asyncio.Event, second: asyncio.Event, within_s: float) -> None:
    waits = [asyncio.create_task(event.wait()) for event in (first, second)]
    try:
        await asyncio.wait(waits, timeout=within_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def _file_place(import_id: str) -> str:
    return f"import_files.content:{import_id}"


def _base_name(name: str) -> str:
    """The file's name without folders and unprintable characters."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in bare if character.isprintable())[:_LONGEST_SOURCE]
