"""Sheets of a file as rows of text, whatever the format. Runs in the bounded reader process only."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import python_calamine

from services.kernel.imports import cells, formats, formulas
from services.kernel.imports.formats import COLUMN_LIMIT, ROW_LIMIT
from services.kernel.imports.refusal import FileRefused

_CELL_LIMIT: Final = 12_000_000

_TEXT_BY_FORMULA: Final = re.compile(r'="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as the sheet shows it (from 1), its cells as text, the columns whose cells are formulas."""

    number: int
    cells: list[str]
    formulas: frozenset[int]


class Book:
    """A file's sheets by name, those that are hidden last; a CSV file has one without a name."""

    def __init__(self, content: bytes) -> None:
        """Raises FileRefused when the content is no sheet file that can be read."""
        self._content = content
        self.format = formats.recognise(content)
        self._workbook = None if self.format == "csv" else _workbook(content)
        self.sheets: Sequence[str] = [""] if self._workbook is None else _names(self._workbook)
        self._heights: dict[str, int] = {}

    def height(self, sheet: str) -> int:
        """About how many rows a sheet has, once its rows are being read: for showing progress."""
        return self._heights.get(sheet, self._content.count(b"\n"))

    def rows(self, sheet: str) -> Iterator[Row]:
        """The rows from the top, empty ones included. Raises FileRefused."""
        if self._workbook is None:
            return _text_rows(self._content)
        return self._sheet_rows(self._workbook, sheet)

    def _sheet_rows(self, workbook: python_calamine.CalamineWorkbook, name: str) -> Iterator[Row]:
        sheet = _loaded(workbook, name)
        if sheet is None or sheet.start is None:
            return
        height, width = (last + 1 for last in sheet.end or (0, 0))
        if height > ROW_LIMIT or width > COLUMN_LIMIT or height * width > _CELL_LIMIT:
            raise FileRefused("sheet_too_large", f"“{name}”有 {height} 行 {width} 列")
        self._heights[name] = height
        left = sheet.start[1]
        computed: Mapping[int, frozenset[int]] = {}
        if self.format == "xlsx":
            computed = formulas.formula_cells(self._content, name)
        merged = _Merged(sheet)
        # iter_rows begins at the first column in use, but at the very first row of the sheet.
        for index, values in enumerate(sheet.iter_rows()):
            text = [""] * left + [cells.text(value) for value in values]
            merged.fill(index, text)
            yield Row(index + 1, text, computed.get(index, frozenset()))


class _Merged:
    """Cells merged downwards: every row of the merge means the value that stands in its first."""

    def __init__(self, sheet: python_calamine.CalamineSheet) -> None:
        self._starting: dict[int, list[tuple[int, int]]] = {}
        self._open: dict[int, tuple[int, str]] = {}
        for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
            if bottom > top:
                self._starting.setdefault(top, []).append((left, bottom))

    def fill(self, row: int, text: list[str]) -> None:
        for column, (bottom, value) in list(self._open.items()):
            if row > bottom:
                del self._open[column]
            elif column < len(text) and not text[column]:
                text[column] = value
        for column, bottom in self._starting.get(row, ()):
            if column < len(text):
                self._open[column] = bottom, text[column]


def _workbook(content: bytes) -> python_calamine.CalamineWorkbook:
    try:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except python_calamine.PasswordError as protected:
        raise FileRefused("file_protected") from protected
    except (python_calamine.CalamineError, OSError, ValueError) as damaged:
        raise FileRefused("file_damaged") from damaged


def _names(workbook: python_calamine.CalamineWorkbook) -> Sequence[str]:
    shown = python_calamine.SheetVisibleEnum.Visible
    return [sheet.name for sheet in sorted(workbook.sheets_metadata, key=lambda sheet: sheet.visible != shown)]


def _loaded(workbook: python_calamine.CalamineWorkbook, name: str) -> python_calamine.CalamineSheet | None:
    """The sheet, or None for what is no sheet of cells (a chart)."""
    try:
        return workbook.get_sheet_by_name(name)
    except python_calamine.WorksheetNotFound:
        return None
    except (python_calamine.CalamineError, OSError, ValueError) as damaged:
        raise FileRefused("file_damaged") from damaged


def _text_rows(content: bytes) -> Iterator[Row]:
    for number, values in enumerate(formats.csv_rows(content), start=1):
        bare = [_TEXT_BY_FORMULA.sub(r"\1", value.strip()) for value in values]
        formulas = frozenset(column for column, value in enumerate(bare) if value.startswith("="))
        yield Row(number, [cells.unguarded(value) for value in bare], formulas)
