"""The rejected rows as a sheet: text cells only, the rows as they stood, the reasons beside; made to be uploaded again."""

import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
import xlsxwriter
from sqlalchemy import Row

from services.kernel.imports.headings import REASON_HEADING, ROW_HEADING
from services.kernel.imports.taking import reject_place
from services.kernel.vault.port import Vault

_SHEET: Final = "退回的行"
_CELL_LIMIT: Final = 32_767
_REASON_WIDTH: Final = 48
_WIDTH: Final = 14
# A cell that begins with = + - @ is text for us and must stay text for whoever opens the sheet.
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def rejected_rows_sheet(
    row: Row[Any], rejects: Sequence[Row[Any]], reasons: Mapping[int, Sequence[tuple[str, str]]], vault: Vault
) -> bytes:
    """The .xlsx of an import's rejected rows; cells that a reason speaks of are coloured. Raises VaultSealed."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, _OPTIONS) as workbook:
        heading, text, wrong = (
            workbook.add_format({"num_format": "@", **more})
            for more in ({"bold": True, "bg_color": "#DDEBF7"}, {}, {"bg_color": "#FCE4D6"})
        )
        sheet = workbook.add_worksheet(_SHEET)
        headings: list[str] = row.sheet.get("cells", [])
        columns: Mapping[str, int] = row.sheet.get("columns", {})
        width = len(headings)
        sheet.set_column(0, max(width, 1), _WIDTH)
        sheet.set_column(width, width, _REASON_WIDTH)
        sheet.freeze_panes(1, 0)
        for column, name in enumerate([*headings, REASON_HEADING, ROW_HEADING]):
            sheet.write_string(0, column, name, heading)
        for line, rejected in enumerate(rejects, start=1):
            cells = orjson.loads(vault.open(rejected.cells, reject_place(row.id, rejected.row)))
            found = reasons.get(rejected.row, ())
            marked = {columns[name] for name, _ in found if name in columns}
            for column, cell in enumerate(cells[:width]):
                sheet.write_string(line, column, cell[:_CELL_LIMIT], wrong if column in marked else text)
            sheet.write_string(line, width, "；".join(f"{name}：{reason}" for name, reason in found), text)
            sheet.write_string(line, width + 1, str(rejected.row), text)
    return output.getvalue()
