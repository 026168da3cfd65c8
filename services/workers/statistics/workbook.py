"""Statistics as an .xlsx: the tables that bureaus hand on, each county by one thing, and everything cell by cell behind."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Final

from services.kernel.http.auth import Scope
from services.kernel.text_sheets import Cell, TextWorkbook, plain_rows
from services.workers.resources import WorkersService
from services.workers.statistics.cube import Dimension, Statistic
from services.workers.statistics.queries import statistics
from services.workers.statistics.schemas import Statistics

_TABLES: Final[Sequence[Dimension]] = (
    "category",
    "status",
    "willingness",
    "destination",
    "freshness",
    "age",
    "education",
    "sex",
)
_DETAIL: Final[Sequence[Dimension]] = ("county", "category", "status", "willingness", "destination", "freshness")


async def workbook(service: WorkersService, scope: Scope, as_of: date, county_code: str | None) -> bytes:
    """The tables as of a day: by county, or by the townships of one. Raises InvalidInput for a day to come."""
    place: Dimension = "township" if county_code is not None else "county"
    asked = [(place, name) for name in _TABLES]
    tables = [await statistics(service, scope, Statistic(as_of, by, county_code)) for by in asked]
    detail = await statistics(service, scope, Statistic(as_of, _DETAIL, county_code))
    return await asyncio.to_thread(_written, tables, detail)


def _written(tables: Sequence[Statistics], detail: Statistics) -> bytes:
    book = TextWorkbook()
    for table in tables:
        headings, rows = _crossed(table)
        book.add(f"{table.headings[0]}×{table.headings[1]}", headings, plain_rows(rows))
    lines: list[list[Cell]] = [[*cell.labels, cell.workers] for cell in detail.cells]
    book.add("明细", [*detail.headings, "人数"], plain_rows(lines))
    return book.content()


def _crossed(table: Statistics) -> tuple[Sequence[str], Sequence[Sequence[Cell]]]:
    """Places down, the other dimension across, with sums of both."""
    places = list(dict.fromkeys((cell.key[0], cell.labels[0]) for cell in table.cells))
    across = sorted({(cell.key[1], cell.labels[1]) for cell in table.cells})
    found = {(cell.key[0], cell.key[1]): cell.workers for cell in table.cells}
    rows: list[list[Cell]] = []
    for code, name in places:
        counts = [found.get((code, other), 0) for other, _ in across]
        rows.append([name, sum(counts), *counts])
    sums = [sum(found.get((code, other), 0) for code, _ in places) for other, _ in across]
    rows.append(["合计", sum(sums), *sums])
    return [f"{table.headings[0]}（{table.as_of}）", "合计", *(name for _, name in across)], rows
