"""Builders of registers as bureaus send them: rows, and the sheets they stand in. The people in them do not exist."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import openpyxl
import xlwt
from sqlalchemy import func, select

from services.kernel.audit import Actor, Audit, acting
from services.kernel.clock import Clock
from services.kernel.http.auth import Principal
from services.kernel.imports.imports import Imports
from services.kernel.imports.outcomes import Terms
from services.kernel.imports.schemas import ImportView
from services.kernel.store import Store, migrate, open_store
from services.kernel.vault import KeySource, open_proven
from services.workers import tables
from services.workers.app import MIGRATIONS, open_imports
from services.workers.identity_number import check_character
from services.workers.profile import Worker
from services.workers.register import Registration
from services.workers.repository import Filter, Workers
from tests.builders import CLOCK, STAFF

REGISTER: Final = Path(__file__).with_name("data") / "registers" / "劳动力台账.xlsx"
HEADINGS: Final = (
    "序号",
    "姓名",
    "性别",
    "身份证号",
    "联系电话",
    "州市",
    "县",
    "乡镇",
    "户类型",
    "文化程度",
    "意向工种",
    "备注",
)

Row = Mapping[str, Any]


def identity_number(birth_date: date = date(1990, 5, 17), sequence: int = 1, area: str = "539901") -> str:
    """A number with a right check character in an area that was never assigned; odd sequences are male."""
    first17 = f"{area}{birth_date:%Y%m%d}{sequence:03d}"
    return first17 + check_character(first17)


def person(sequence: int = 1, **cells: Any) -> dict[str, Any]:
    """A row that is in order, by heading."""
    return {
        "序号": f"A{sequence:04d}",
        "姓名": "测试人",
        "性别": "男" if sequence % 2 else "女",
        "身份证号": identity_number(date(1960 + sequence // 1000, 1, 2), sequence % 1000),
        "联系电话": f"154{sequence:08d}",
        "州市": "昭通市",
        "县": "镇雄县",
        "乡镇": "乌峰街道",
        "户类型": "脱贫户",
        "文化程度": "初中",
        "意向工种": "保洁",
        "备注": "",
    } | cells


def new_worker(sequence: int = 1, **changes: Any) -> dict[str, Any]:
    """The body of a person's registration that is in order."""
    return {
        "name": "测试人",
        "identity_number": identity_number(date(1960 + sequence // 1000, 1, 2), sequence % 1000),
        "county_code": "530627",
        "phone": f"154{sequence:08d}",
        "number": f"A{sequence:04d}",
        "township": "乌峰街道",
        "household_category": "HS02",
        "education": "E2",
        "words": {"intention_occupations": "保洁"},
    } | changes


def table(people: Iterable[Row], headings: Sequence[str] = HEADINGS) -> list[list[Any]]:
    """Heading row and rows."""
    return [list(headings), *([row.get(heading, "") for heading in headings] for row in people)]


def xlsx(*sheets: Sequence[Sequence[Any]], names: Sequence[str] = ()) -> bytes:
    """A workbook of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for index, rows in enumerate(sheets):
        sheet = book.create_sheet(names[index] if names else f"表{index + 1}")
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def saved(book: Any) -> bytes:
    """The bytes of an openpyxl or xlwt workbook."""
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def xls(rows: Sequence[Sequence[Any]]) -> bytes:
    """An Excel 97 workbook."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    return saved(book)


def csv_file(rows: Sequence[Sequence[Any]], encoding: str, delimiter: str = ",") -> bytes:
    """A text file of cells."""
    output = io.StringIO(newline="")
    csv.writer(output, delimiter=delimiter).writerows(rows)
    return output.getvalue().encode(encoding)


@dataclass(frozen=True, slots=True)
class Desk:
    """The workers' imports over a database of their own."""

    store: Store
    workers: Workers
    imports: Imports[Registration]

    async def take(
        self, content: bytes, name: str = "台账.xlsx", requester: Principal = STAFF, terms: Terms | None = None
    ) -> ImportView:
        """Import a file to its end."""
        view = await self.imports.submit(content, name, requester, terms)
        assert await self.imports.step(asyncio.Event())
        return await self.imports.view(view.id, requester)

    async def held(self, number: str) -> Worker:
        """The one record with this 序号, identifiers opened."""
        async with self.store.read() as connection:
            (worker,) = await self.workers.page(connection, STAFF.scope, Filter(number=number), None, 2)
        return worker

    async def rows(self, name: str) -> Sequence[Any]:
        """Everything in a table."""
        async with self.store.read() as connection:
            return (await connection.execute(select(tables.metadata.tables[name]))).all()

    async def count(self, name: str) -> int:
        """How many rows a table has."""
        async with self.store.read() as connection:
            counted = select(func.count()).select_from(tables.metadata.tables[name])
            return int(await connection.scalar(counted) or 0)


@asynccontextmanager
async def desk(folder: Path, clock: Clock = CLOCK) -> AsyncIterator[Desk]:
    """A desk whose database and key are in `folder`."""
    url = f"sqlite+aiosqlite:///{folder / 'workers.db'}"
    await migrate(url, MIGRATIONS)
    store = open_store(url)
    vault = await open_proven(store, tables.data_keys, KeySource(folder / "vault.key"))
    workers = Workers(vault)
    try:
        with acting(Actor("tester", "staff")):
            yield Desk(store, workers, open_imports(store, workers, vault, Audit(tables.audit, vault, clock), clock))
    finally:
        await store.close()
