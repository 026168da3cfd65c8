"""One worker and one posting side by side, on one day, as the parts of the score look at them."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from services.contracts.events import PostingChanged, WorkerChanged
from services.kernel.text.facts.model import PostingFacts, Role, WorkerFacts


@dataclass(frozen=True)
class Seeker:
    """A worker: the profile as the stream carries it, and the facts of the words."""

    profile: WorkerChanged
    facts: WorkerFacts

    @cached_property
    def limits(self) -> frozenset[str]:
        """Work limits of the profile and those told in passing."""
        return frozenset(self.profile.work_limits) | frozenset(self.facts.limits)

    @cached_property
    def marks(self) -> dict[str, bool]:
        """Trait -> whether it holds; a trait that nobody spoke of is not there."""
        return {mark.id: mark.holds for mark in self.facts.marks}

    def age(self, today: date) -> int:
        """Full years."""
        born = self.profile.birth_date
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


@dataclass(frozen=True)
class Opening:
    """A posting and the facts of its words."""

    posting: PostingChanged
    facts: PostingFacts

    @cached_property
    def main(self) -> dict[str, float]:
        """The work itself, id -> degree."""
        return {work.id: work.degree for work in self.facts.works if work.role is Role.MAIN}

    @cached_property
    def duties(self) -> dict[str, float]:
        """What else belongs to it."""
        return {work.id: work.degree for work in self.facts.works if work.role is Role.DUTY}

    @cached_property
    def entries(self) -> frozenset[str]:
        """Other ways in."""
        return frozenset(work.id for work in self.facts.works if work.role is Role.ENTRY)

    @cached_property
    def offers(self) -> frozenset[str]:
        return frozenset(mark.id for mark in self.facts.offers)

    @cached_property
    def demands(self) -> dict[str, bool]:
        """What is asked, trait -> True if needed, False if welcome."""
        return {mark.id: mark.holds for mark in self.facts.demands}

    @cached_property
    def place(self) -> str:
        return self.facts.place_code or self.posting.province_code

    @property
    def household(self) -> bool:
        """A private employer: no retirement bounds, one's own rules of the house."""
        return self.posting.employer_kind == "K05"


@dataclass(frozen=True)
class Pair:
    """What every part of the score is handed. `text`: BM25 of this pair over the best of its list, 0 to 1."""

    seeker: Seeker
    opening: Opening
    today: date
    text: float = 0.0

    @cached_property
    def far(self) -> bool:
        """Whether the work is outside the worker's home county, so that somebody must sleep there."""
        return self.seeker.profile.county_code != self.opening.place
