"""沪滇 and 粤滇 pairings: which unit of the east served which prefectures of Yunnan, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final, Literal

from services.contracts.vocabulary import divisions, tables

Scheme = Literal["沪滇", "粤滇"]
SCHEMES: Final[tuple[Scheme, ...]] = ("沪滇", "粤滇")
_JANUARY: Final = "-01"
_DECEMBER: Final = "-12"


@dataclass(frozen=True, slots=True)
class Pairing:
    """One row: `east_code` served `prefecture_code` from month `start` through month `end` (YYYY-MM; None: still)."""

    scheme: Scheme
    east_code: str
    prefecture_code: str
    start: str
    end: str | None

    def lasts(self, day: date) -> bool:
        """Whether the pairing holds on that day."""
        month = f"{day:%Y-%m}"
        return self.start <= month and (self.end is None or month <= self.end)


def _month(cell: str, of_a_year: str) -> str:
    return cell if "-" in cell else cell + of_a_year


@cache
def load() -> Sequence[Pairing]:
    """All pairings, earliest row first."""
    return [
        Pairing(
            "沪滇" if row["scheme"] == "沪滇" else "粤滇",
            row["east_code"],
            row["west_prefecture_code"],
            _month(row["period_start"], _JANUARY),
            _month(row["period_end"], _DECEMBER) if row["period_end"] else None,
        )
        for row in tables.rows("partnerships")
        if row["east_code"] and row["west_prefecture_code"]
    ]


def served(scheme: Scheme, division_code: str, day: date) -> tuple[str, ...]:
    """The prefectures of Yunnan that a place of the east serves on that day, sorted; () when no pairing of its own holds:
    then it serves the province."""
    above = divisions.load().path(division_code)
    found = {
        pairing.prefecture_code
        for pairing in load()
        if pairing.scheme == scheme and pairing.east_code in above and pairing.lasts(day)
    }
    return tuple(sorted(found))
