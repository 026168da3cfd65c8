"""Taking records out: page by page, each person's row audited in the transaction that reads it, before anybody sees it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Final

from services.contracts.purposes import Purpose
from services.kernel.audit import Entry
from services.kernel.errors import Unprocessable
from services.kernel.http.auth import Scope
from services.kernel.text_sheets import TextWorkbook, csv_head, csv_lines, plain_rows
from services.workers.exports.row import ROW, cells
from services.workers.repository import Filter
from services.workers.resources import WorkersService

SHEET_ROWS: Final = 30_000
"""The most rows of an .xlsx, which is made in memory; a .csv has no such limit."""
_PAGE: Final = 500
_SHEET: Final = "劳动力台账"


async def workbook(service: WorkersService, scope: Scope, wanted: Filter, purpose: Purpose) -> bytes:
    """The registered workers in scope as an .xlsx. Raises Unprocessable (too_many_rows)."""
    async with service.store.read() as connection:
        total = await service.workers.count(connection, scope, wanted)
    if total > SHEET_ROWS:
        raise Unprocessable(f"共 {total} 人，一个 .xlsx 最多 {SHEET_ROWS} 人；请按县导出，或导出 .csv", code="too_many_rows")
    found = [row async for page in rows(service, scope, wanted, purpose) for row in page]

    def written() -> bytes:
        book = TextWorkbook()
        book.add(_SHEET, ROW, plain_rows(found))
        return book.content()

    return await asyncio.to_thread(written)


async def text(service: WorkersService, scope: Scope, wanted: Filter, purpose: Purpose) -> AsyncIterator[bytes]:
    """The registered workers in scope as a CSV file, a page at a time: memory stays small whatever their number."""
    yield csv_head() + csv_lines([ROW])
    async for page in rows(service, scope, wanted, purpose):
        yield csv_lines(page)


async def rows(
    service: WorkersService, scope: Scope, wanted: Filter, purpose: Purpose
) -> AsyncIterator[Sequence[Sequence[str]]]:
    """The registered workers in scope as rows of the register, newest first. Raises StoreUnavailable, VaultSealed."""
    before_id: str | None = None
    while True:
        async with service.store.write() as connection:
            page = await service.workers.page(connection, scope, wanted, before_id, _PAGE)
            entries = (Entry("worker.exported", worker.id, purpose=purpose) for worker in page)
            await service.audit.record(connection, *entries)
        yield [cells(worker) for worker in page]
        if len(page) < _PAGE:
            return
        before_id = page[-1].id
