"""The rejected rows as a sheet: the rows as they stood, the reasons beside; made to be uploaded again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import orjson
from sqlalchemy import Row

from services.kernel.imports.headings import REASON_HEADING, ROW_HEADING
from services.kernel.imports.taking import reject_place
from services.kernel.text_sheets import TextWorkbook
from services.kernel.vault.port import Vault

_SHEET: Final = "退回的行"


def rejected_rows_sheet(
    row: Row[Any], rejects: Sequence[Row[Any]], reasons: Mapping[int, Sequence[tuple[str, str]]], vault: Vault
) -> bytes:
    """The .xlsx of an import's rejected rows; cells that a reason speaks of are coloured. Raises VaultSealed."""
    headings: list[str] = row.sheet.get("cells", [])
    columns: Mapping[str, int] = row.sheet.get("columns", {})
    width = len(headings)

    def rows() -> Iterator[tuple[Sequence[str], frozenset[int]]]:
        for rejected in rejects:
            cells = orjson.loads(vault.open(rejected.cells, reject_place(row.id, rejected.row)))[:width]
            found = reasons.get(rejected.row, ())
            told = "；".join(f"{name}：{reason}" for name, reason in found)
            marked = frozenset(columns[name] for name, _ in found if name in columns)
            yield [*cells, *[""] * (width - len(cells)), told, str(rejected.row)], marked

    workbook = TextWorkbook()
    workbook.add(_SHEET, [*headings, REASON_HEADING, ROW_HEADING], rows(), wide=[width])
    return workbook.content()
