"""Headings: which column of a sheet is which field, by the names that people really write.

A service's headings are a CSV table `heading,kind,required,synonyms` (synonyms parted by `;`). `kind` says how the column's
values are masked in reports: identity_number, phone, name or plain.
"""

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Self, get_args

Kind = Literal["plain", "name", "identity_number", "phone"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

_ORNAMENT: Final = re.compile(r"[\s*＊:：·.。、,，;；\"'“”‘’]+")
_BRACKETED: Final = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
_LEAST_FOUND: Final = 2

REASON_HEADING: Final = "退回原因"
ROW_HEADING: Final = "原表行号"
OWN_HEADINGS: Final = frozenset({REASON_HEADING, ROW_HEADING})
"""Columns that our sheet of rejected rows adds: nothing to read when it comes back corrected."""


def spelling(text: str) -> str:
    """One spelling for look-ups: full-width folded, blanks, stars and stops gone, lower case: `* 身份证 号：` -> 身份证号."""
    return _ORNAMENT.sub("", unicodedata.normalize("NFKC", text)).lower()


@dataclass(frozen=True, slots=True)
class Heading:
    """A canonical heading, how its values are masked, whether a sheet must have it, and what else people call it."""

    name: str
    kind: Kind
    required: bool
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """Where each canonical heading stands. `columns`: canonical name -> column from 0; `cells`: the row's own words."""

    columns: Mapping[str, int]
    cells: tuple[str, ...]
    unknown: tuple[str, ...]
    repeated: tuple[str, ...]


class HeadingTable:
    """A service's headings and their synonyms."""

    def __init__(self, headings: Sequence[Heading], path: Path, own: Mapping[str, str] | None = None) -> None:
        """`path` is the table's file, for the reader process; `own` goes before all synonyms. Raises ValueError for a synonym
        under two headings, KeyError for an own word under none of ours."""
        self.path = path
        self.headings: Mapping[str, Heading] = {heading.name: heading for heading in headings}
        self.required = tuple(heading.name for heading in headings if heading.required)
        self._names: dict[str, str] = {}
        for heading in headings:
            for spoken in (heading.name, *heading.synonyms):
                known = self._names.setdefault(spelling(spoken), heading.name)
                if known != heading.name:
                    raise ValueError(f"{spoken} stands under both {known} and {heading.name}")
        self._names |= {spelling(spoken): self.headings[ours].name for spoken, ours in (own or {}).items()}

    @classmethod
    def load(cls, path: Path) -> Self:
        """The table in a CSV file. Raises ValueError for an unknown kind or a synonym that stands under two headings."""
        with path.open(encoding="utf-8", newline="") as file:
            return cls([_heading(row) for row in csv.DictReader(file)], path)

    def with_synonyms(self, own: Mapping[str, str]) -> Self:
        """The table that also knows these words (theirs -> ours); they go before its own. Raises KeyError for none of ours."""
        return type(self)(tuple(self.headings.values()), self.path, own)

    def find(self, cell: str) -> str | None:
        """The canonical heading of a cell, bracketed remarks (必填, 元/月) left out if need be, or None."""
        return self._names.get(spelling(cell)) or self._names.get(spelling(_BRACKETED.sub("", cell)))

    def missing(self, row: HeadingRow) -> tuple[str, ...]:
        """The required headings that a row lacks."""
        return tuple(name for name in self.required if name not in row.columns)

    def recognise(self, cells: Sequence[str]) -> HeadingRow:
        """A row of cells taken as headings; a second column of one heading is `repeated` and not read."""
        columns: dict[str, int] = {}
        unknown: list[str] = []
        repeated: list[str] = []
        for column, cell in enumerate(cells):
            name = self.find(cell)
            if cell.strip() in OWN_HEADINGS:
                continue
            if name is None:
                unknown.extend([cell.strip()] if cell.strip() else [])
            elif name in columns:
                repeated.append(cell.strip())
            else:
                columns[name] = column
        return HeadingRow(columns, tuple(cells), tuple(unknown), tuple(repeated))


@dataclass(frozen=True, slots=True)
class Found:
    """The best heading row among the first rows of a sheet; the data begins at row `first_data` (from 0)."""

    row: HeadingRow
    first_data: int


def find_heading_row(table: HeadingTable, rows: Sequence[Sequence[str]]) -> Found | None:
    """The row with the most known headings, or two rows of which the lower refines the upper (merged group headings).

    The upper row and the single row win ties. None when no row is a heading row.
    """
    best: Found | None = None
    for index, cells in enumerate(rows):
        candidates = [Found(table.recognise(cells), index + 1)]
        if index + 1 < len(rows) and _is_lower_heading_row(table, rows[index + 1]):
            candidates.append(Found(table.recognise(_refined(table, cells, rows[index + 1])), index + 2))
        for candidate in candidates:
            if best is None or len(candidate.row.columns) > len(best.row.columns):
                best = candidate
    return best if best is not None and len(best.row.columns) >= _LEAST_FOUND else None


def _is_lower_heading_row(table: HeadingTable, cells: Sequence[str]) -> bool:
    """Whether most of what stands in a row are headings: a row of data that happens to spell one is data."""
    filled = [cell for cell in cells if cell.strip()]
    known = sum(table.find(cell) is not None for cell in filled)
    return known >= _LEAST_FOUND and 2 * known >= len(filled)


def _refined(table: HeadingTable, upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    width = max(len(upper), len(lower))
    above = [*upper, *[""] * (width - len(upper))]
    below = [*lower, *[""] * (width - len(lower))]
    return [low if table.find(low) else (high or low) for high, low in zip(above, below, strict=True)]


def _heading(row: Mapping[str, str]) -> Heading:
    kind = next((kind for kind in KINDS if kind == row["kind"]), None)
    if kind is None:
        raise ValueError(f"heading {row['heading']}: unknown kind {row['kind']}")
    synonyms = tuple(part for part in row["synonyms"].split(";") if part)
    return Heading(row["heading"], kind, row["required"] == "yes", synonyms)
