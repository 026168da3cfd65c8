"""A cell's value as the text that a person sees in the sheet."""

import datetime as dt
import re
from typing import Final

Cell = str | float | int | bool | dt.date | dt.time | dt.datetime | dt.timedelta

_EXACT_INTEGERS: Final = 10**15
"""Excel keeps 15 significant digits; a longer number in a number cell has lost its tail."""


_GUARD: Final = "'"
_GUARDED: Final = re.compile(r"['=+\-@\t\r]|0\d+$|\d{11,}[Xx]?$")
"""What a cell of a CSV file must not begin with, or be, bare: a formula to some, a number to most, a guard to us."""


def guarded(text: str) -> str:
    """A cell for a CSV file: behind an apostrophe where a sheet program would take it for a formula or a number."""
    return _GUARD + text if _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """The cell as it was before it was guarded."""
    return text[1:] if text.startswith(_GUARD) and _GUARDED.match(text[1:]) else text


def text(cell: Cell) -> str:
    """`cell` as text: whole numbers without a decimal point, dates in ISO form, blanks at the ends gone.

    A number of more than 15 digits comes in scientific form, so that nobody takes its lost tail for real digits.
    """
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return _number(cell)
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return str(cell)


def _number(value: float) -> str:
    if abs(value) >= _EXACT_INTEGERS:
        return f"{value:.14E}"
    return str(int(value)) if value == int(value) else repr(float(value))
