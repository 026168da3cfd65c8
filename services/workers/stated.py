"""What a record states in structure beside the person's own words. Rules only.

One rule for every field: None is "nobody stated it", then the words are read; a value takes the place of what the words of
that field say, also when it is empty. Newer words about something make what was stated about it void, unless stated with them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Final

from services.workers.certificates import Certificate
from services.workers.employment import Employment
from services.workers.experience import Experience, Training
from services.workers.intentions.intention import Intention
from services.workers.violation import Violation


@dataclass(frozen=True, slots=True)
class Stated:
    """The structured part of a profile. `health_limits` are codes of work_limits, `languages` names of the vocabulary."""

    village: str = field(default="", repr=False)
    languages: tuple[str, ...] | None = None
    certificates: tuple[Certificate, ...] | None = field(default=None, repr=False)
    training: tuple[Training, ...] | None = None
    experience: tuple[Experience, ...] | None = None
    employment: Employment | None = field(default=None, repr=False)
    health_limits: tuple[str, ...] | None = field(default=None, repr=False)
    intention: Intention = field(default=Intention())

    @property
    def told(self) -> tuple[str, ...]:
        """The names of the fields about which something was stated."""
        return tuple(item.name for item in fields(self) if getattr(self, item.name) != item.default)

    def without(self, words: Iterable[str]) -> "Stated":
        """The same once these fields of OwnWords were written anew: what was stated about them is void."""
        said = set(words)
        about: dict[str, Any] = {name: None for name, word in ABOUT.items() if word in said}
        wished: dict[str, Any] = {name: None for name, word in INTENDED.items() if word in said}
        if not about and not wished:
            return self
        return replace(self, **about, intention=replace(self.intention, **wished))

    def violations(self, today: date) -> Iterator[Violation]:
        """Everything that cannot be, each with the pointer to its field."""
        lists: Sequence[tuple[str, Sequence[Certificate | Experience] | None]] = (
            ("certificates", self.certificates),
            ("experience", self.experience),
        )
        for name, items in lists:
            for position, item in enumerate(items or ()):
                yield from _within(f"stated/{name}/{position}", item.violations(today))
        if self.employment is not None:
            yield from _within("stated/employment", self.employment.violations(today))
        yield from _within("stated/intention", self.intention.violations())

    @property
    def certificates_count_until(self) -> date | None:
        """The first day, among the certificates, after which one of them does not count any more."""
        return min((held.expires_on for held in self.certificates or () if held.expires_on is not None), default=None)


def _within(place: str, found: Iterable[Violation]) -> Iterator[Violation]:
    return (Violation(f"{place}/{one.field}", one.code, one.detail) for one in found)


ABOUT: Final[Mapping[str, str]] = {
    "certificates": "certificates",
    "training": "training",
    "experience": "experience",
    "health_limits": "health",
    "employment": "employment_status",
}
"""Stated field -> the words about the same."""

INTENDED: Final[Mapping[str, str]] = {
    "occupations": "intention_occupations",
    "occupations_refused": "intention_occupations",
    "places": "intention_places",
    "places_refused": "intention_places",
    "reach": "intention_places",
    "pay_floor": "intention_pay",
    "lodging": "lodging",
    "live_in": "lodging",
    "nights": "lodging",
    "companions": "companions",
    "earliest_start": "start",
    "training_wish": "training_wish",
    "training_occupations": "training_wish",
}
"""Field of the intention -> the words about the same."""

INTENTION_WORDS: Final = frozenset({*INTENDED.values(), "willingness"})
"""The words that tell what somebody wants: when they change, the person was asked."""
