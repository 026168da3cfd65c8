"""Sheets that go out: every cell is text, for whoever opens them in Excel, WPS or LibreOffice and for our own import; only
what was counted is a number, to be added up.

A cell that begins with = + - @ must not become a formula, a number of eighteen digits must keep its digits.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import xlsxwriter

from services.kernel.imports import cells

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv; charset=utf-8"
_CELL_LIMIT: Final = 32_767
_WIDTH: Final = 14
_WIDE: Final = 48
_OPTIONS: Final = {
    "in_memory": True,  # nothing of it lies about in a temporary file
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


Cell = str | int


class TextWorkbook:
    """An .xlsx of text cells, sheet by sheet; in memory: about 3 kB for each row of twenty filled cells."""

    def __init__(self) -> None:
        self._output = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._output, _OPTIONS)
        self._heading = self._format(bold=True, bg_color="#DDEBF7")
        self._plain = self._format()
        self._marked = self._format(bg_color="#FCE4D6")

    def add(
        self,
        name: str,
        headings: Sequence[str],
        rows: Iterable[tuple[Sequence[Cell], frozenset[int]]],
        wide: Sequence[int] = (),
    ) -> None:
        """A sheet with its heading row frozen; each row with the columns (from 0) that are to be coloured. `wide` columns."""
        sheet = self._book.add_worksheet(name)
        sheet.set_column(0, max(len(headings) - 1, 0), _WIDTH)
        for column in wide:
            sheet.set_column(column, column, _WIDE)
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, self._heading)
        for line, (values, marked) in enumerate(rows, start=1):
            for column, cell in enumerate(values):
                if isinstance(cell, int):
                    sheet.write_number(line, column, cell)
                elif cell or column in marked:
                    sheet.write_string(line, column, cell[:_CELL_LIMIT], self._marked if column in marked else self._plain)

    def content(self) -> bytes:
        """The file's bytes; nothing can be added afterwards."""
        self._book.close()
        return self._output.getvalue()

    def _format(self, **more: Any) -> Any:
        return self._book.add_format({"num_format": "@", **more})


def plain_rows(rows: Iterable[Sequence[Cell]]) -> Iterator[tuple[Sequence[Cell], frozenset[int]]]:
    """Rows without a coloured cell, as TextWorkbook.add takes them."""
    return ((row, frozenset()) for row in rows)


def csv_head() -> bytes:
    """What a CSV file begins with, so that Excel takes it for UTF-8."""
    return "\ufeff".encode()


def csv_lines(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as CSV in UTF-8, guarded cells behind an apostrophe."""
    output = io.StringIO(newline="")
    csv.writer(output).writerows([cells.guarded(cell) for cell in row] for row in rows)
    return output.getvalue().encode()
