"""The reader process: `python -m services.kernel.imports.reader HEADINGS.csv SYNONYMS < FILE`, JSON lines on standard output.
`SYNONYMS` is a JSON object: a template's own headings -> ours.

A sheet comes from anybody and may be a bomb. It is unpacked here, in a process with a limit on memory (address space) and on
processor time, which may die without harm. The bytes come through standard input, so that nothing lies about in clear.

Lines: one `{"refused": {...}}`; or one `{"sheet": {...}}`, any number of `{"rows": [[number, cells, formula columns], …]}`,
and `{"end": rows}`. A stream without its end is a reader that died.
"""

import resource
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import orjson

from services.kernel.imports import headings
from services.kernel.imports.refusal import FileRefused
from services.kernel.imports.sheets import Book, Row

MEMORY_LIMIT: Final = 1024 * 1024 * 1024
"""Bytes of address space; 100,000 rows of 28 columns take a third of it."""
SECONDS_LIMIT: Final = 120
"""Seconds of processor time; 100,000 rows take about 5."""

_TITLE_ROWS: Final = 30
_ROWS_A_LINE: Final = 500


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The sheet to import: its heading row and the rows of data after it."""

    sheet: str
    found: headings.Found
    rows: Iterator[Row]


def read(content: bytes, table: headings.HeadingTable) -> Iterator[Mapping[str, object]]:
    """The lines of the protocol for a file's content. Raises FileRefused."""
    book = Book(content)
    chosen = _choose(book, table)
    row = chosen.found.row
    yield {
        "sheet": {
            "name": chosen.sheet,
            "heading_row": chosen.found.first_data,
            "columns": dict(row.columns),
            "cells": row.cells,
            "unknown": row.unknown,
            "repeated": row.repeated,
            "other_sheets": [sheet for sheet in book.sheets if sheet != chosen.sheet],
            "expected": max(book.height(chosen.sheet) - chosen.found.first_data, 0),
        }
    }
    total = 0
    while rows := list(islice(chosen.rows, _ROWS_A_LINE)):
        total += len(rows)
        yield {"rows": [[row.number, row.cells, sorted(row.formulas)] for row in rows]}
    yield {"end": total}


def _choose(book: Book, table: headings.HeadingTable) -> _Chosen:
    """The first sheet whose heading row has every required heading. Raises FileRefused, saying what was found instead."""
    best: headings.Found | None = None
    for sheet in book.sheets:
        rows = book.rows(sheet)
        first = list(islice(rows, _TITLE_ROWS))
        found = headings.find_heading_row(table, [row.cells for row in first])
        if found is None:
            continue
        if not table.missing(found.row):
            return _Chosen(sheet, found, _data(first[found.first_data :], rows))
        if best is None or len(found.row.columns) > len(best.row.columns):
            best = found
    if best is None:
        required = "、".join(table.required)
        raise FileRefused("headings_not_found", f"前 {_TITLE_ROWS} 行里没有像表头的一行，表头至少要有：{required}")
    missing = "、".join(table.missing(best.row))
    seen = "、".join(cell.strip() for cell in best.row.cells if cell.strip())
    raise FileRefused("headings_missing", f"缺少：{missing}；找到的表头：{seen}")


def _data(first: list[Row], rest: Iterator[Row]) -> Iterator[Row]:
    yield from first
    yield from rest


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_LIMIT, SECONDS_LIMIT + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read standard input, write the protocol's lines. Exits 0 when it could say how it went."""
    _bound()
    table = headings.HeadingTable.load(Path(sys.argv[1])).with_synonyms(orjson.loads(sys.argv[2]))
    content = sys.stdin.buffer.read()
    output = sys.stdout.buffer
    try:
        for line in read(content, table):
            output.write(orjson.dumps(line))
            output.write(b"\n")
            output.flush()
    except FileRefused as refused:
        output.write(orjson.dumps({"refused": {"code": refused.code, "detail": refused.detail}}) + b"\n")
    except MemoryError:
        output.write(orjson.dumps({"refused": {"code": "sheet_too_large", "detail": ""}}) + b"\n")


if __name__ == "__main__":
    main()
