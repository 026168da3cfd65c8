"""A cell's value as the text that a person sees in the sheet."""

import datetime as dt
from typing import Final

Cell = str | float | int | bool | dt.date | dt.time | dt.datetime | dt.timedelta

_EXACT_INTEGERS: Final = 10**15
"""Excel keeps 15 significant digits; a longer number in a number cell has lost its tail."""


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
