"""Lists as .xlsx: those to be contacted, to be taken along and filled in; what is overdue and stale, to be handed on."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Row

from services.contracts.purposes import Purpose
from services.contracts.vocabulary import codes, divisions
from services.kernel.audit import Entry
from services.kernel.errors import Unprocessable
from services.kernel.http.auth import Scope
from services.kernel.text_sheets import Cell, TextWorkbook, plain_rows
from services.workers.cadres import repository as cadres
from services.workers.followups import due
from services.workers.followups.due import Wanted
from services.workers.followups.followup import UNTOUCHED
from services.workers.followups.schemas import OverdueReport, StaleReport
from services.workers.profile import Worker
from services.workers.resources import WorkersService

MOST_ROWS: Final = 5_000
_HEADINGS: Final = (
    *("姓名", "联系电话", "县", "乡镇", "村", "责任人", "跟踪状态", "上次联系", "约定联系", "连续未联系上", "为什么要联系"),
    *("意向工种", "意向地区", "本次联系日期", "本次结果", "下次联系", "备注"),
)
_REASONS: Final = _HEADINGS.index("为什么要联系")


async def tasks(service: WorkersService, scope: Scope, wanted: Wanted, purpose: Purpose) -> bytes:
    """Those to be contacted, names and phones in clear, each person's row audited. Raises Unprocessable (too_many_rows)."""
    async with service.store.write() as connection:
        rows = (await connection.execute(due.tasks(scope, wanted, None, MOST_ROWS + 1))).all()
        if len(rows) > MOST_ROWS:
            raise Unprocessable(f"超过 {MOST_ROWS} 人，请按县、乡镇或责任人分开导出", code="too_many_rows")
        held = await service.workers.by_ids(connection, [row.id for row in rows])
        names = await cadres.names(connection, service.vault, [row.cadre_id for row in rows if row.cadre_id])
        entries = (Entry("worker.exported", row.id, ("name", "phone", "stated.village"), purpose) for row in rows)
        await service.audit.record(connection, *entries)
    lines = [_line(row, held[row.id], names, wanted) for row in rows]
    return await asyncio.to_thread(_workbook, "待联系", _HEADINGS, lines, (_REASONS,))


async def overdue(report: OverdueReport) -> bytes:
    """The overdue report as a sheet."""
    headings = ("县", "乡镇", "责任人", "逾期人数", "一周以内", "一月以内", "一月以上", "最早应联系")
    lines: list[list[Cell]] = [
        [
            *(item.county_name, item.township, item.cadre_name, item.overdue),
            *(item.up_to_a_week, item.up_to_a_month, item.longer, item.oldest_due_on.isoformat()),
        ]
        for item in report.items
    ]
    return await asyncio.to_thread(_workbook, "逾期未联系", headings, lines)


async def stale(report: StaleReport) -> bytes:
    """The report of stale intentions as a sheet."""
    headings = ("县", "乡镇", "责任人", "登记人数", f"意向超过{report.stale_days}天", "从未登记意向", "最早一次确认")
    lines: list[list[Cell]] = [
        [
            *(item.county_name, item.township, item.cadre_name, item.workers, item.stale, item.never_asked),
            _day(item.oldest_confirmed_on),
        ]
        for item in report.items
    ]
    return await asyncio.to_thread(_workbook, "意向过期", headings, lines)


def _workbook(name: str, headings: Sequence[str], lines: Sequence[Sequence[Cell]], wide: Sequence[int] = ()) -> bytes:
    book = TextWorkbook()
    book.add(name, headings, plain_rows(lines), wide)
    return book.content()


def _line(row: Row[Any], worker: Worker, names: Mapping[str, str], wanted: Wanted) -> Sequence[Cell]:
    profile = worker.profile
    return [
        profile.name,
        profile.phone,
        county.name if (county := divisions.load().get(profile.county_code)) is not None else profile.county_code,
        profile.township,
        profile.stated.village,
        names.get(row.cadre_id or "", ""),
        codes.FOLLOWUP_STATUS.label(row.status or UNTOUCHED),
        _day(row.last_contact_on),
        _day(row.next_on),
        row.misses or 0,
        "；".join(reason.detail for reason in due.reasons(row, wanted)),
        profile.words.intention_occupations,
        profile.words.intention_places,
        *("", "", "", ""),
    ]


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""
