"""A job intention as staff wrote it down in structure, beside the worker's own words. Rules only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from services.workers.violation import Violation

CompanionKind = Literal["spouse", "child", "kin", "villagers"]
Reach = Literal["home", "county", "province", "anywhere"]
Stance = Literal["wants", "accepts", "refuses"]
IMPORTED: Final = "V7"
"""The channel of an asking that a register tells of."""


@dataclass(frozen=True, slots=True)
class Asking:
    """When somebody was last asked what they want, or told it: over which channel (code of contact_channel, None: not known)
    and by whom (a cadre's id or a principal's, "": not known)."""

    on: date
    channel: str | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Companion:
    """With whom somebody would go; `must`: will not go without."""

    kind: CompanionKind
    must: bool = False


@dataclass(frozen=True, slots=True)
class Intention:
    """What somebody wants, field by field; None is "nobody stated it": then the words count.

    Occupations are ids of work, places GB/T 2260 codes, both the best liked first; `pay_floor` CNY per month, under which
    nothing is wanted; `blocked_months` 1 to 12, months that are needed at home.
    """

    occupations: tuple[str, ...] | None = None
    occupations_refused: tuple[str, ...] | None = None
    places: tuple[str, ...] | None = None
    places_refused: tuple[str, ...] | None = None
    reach: Reach | None = None
    pay_floor: int | None = None
    lodging: Literal["needed", "own"] | None = None
    live_in: Stance | None = None
    nights: Stance | None = None
    companions: tuple[Companion, ...] | None = None
    earliest_start: date | None = None
    blocked_months: tuple[int, ...] | None = None
    training_wish: bool | None = None
    training_occupations: tuple[str, ...] | None = None

    def violations(self) -> Iterator[Violation]:
        """What is wanted and refused at once, or asked for without being wanted."""
        if set(self.occupations or ()) & set(self.occupations_refused or ()):
            yield Violation("occupations_refused", "wanted_and_refused", "同一个工种不能既愿意又不愿意")
        if set(self.places or ()) & set(self.places_refused or ()):
            yield Violation("places_refused", "wanted_and_refused", "同一个地方不能既愿意又不愿意")
        if self.training_wish is False and self.training_occupations:
            yield Violation("training_occupations", "training_not_wanted", "不愿培训的，不填想学的工种")
