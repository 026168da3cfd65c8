"""A job intention as staff wrote it down in structure, beside the worker's own words. Rules only."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Literal

CompanionKind = Literal["spouse", "child", "kin", "villagers"]
Reach = Literal["home", "county", "province", "anywhere"]
Stance = Literal["wants", "accepts", "refuses"]


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

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """What is wanted and refused at once: the refusing field, and a Chinese sentence."""
        if set(self.occupations or ()) & set(self.occupations_refused or ()):
            yield "occupations_refused", "同一个工种不能既愿意又不愿意"
        if set(self.places or ()) & set(self.places_refused or ()):
            yield "places_refused", "同一个地方不能既愿意又不愿意"
        if self.training_wish is False and self.training_occupations:
            yield "training_occupations", "不愿培训的，不填想学的工种"

    @property
    def says(self) -> tuple[str, ...]:
        """The fields that were stated."""
        return tuple(item.name for item in fields(self) if getattr(self, item.name) is not None)
