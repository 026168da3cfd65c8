"""The certificates stated in a record as one text column, to find who holds which without opening anything."""

from typing import Final

from sqlalchemy import ColumnElement

from services.workers.stated import Stated
from services.workers.tables import workers

_PARTED: Final = "|"


def listed(stated: Stated) -> str:
    """The canonical names, each between bars: `|健康证|保安员证|`; "" where nothing was stated."""
    names = dict.fromkeys(one.name for one in stated.certificates or ())
    return "".join(f"{_PARTED}{name}" for name in names) + (_PARTED if names else "")


def holds(certificate: str) -> ColumnElement[bool]:
    """That a record's column names this certificate (canonical name)."""
    return workers.c.papers.contains(f"{_PARTED}{certificate}{_PARTED}", autoescape=True)
