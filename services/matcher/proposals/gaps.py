"""Which paper alone stands between people and openings. Pure: pairs in, counts out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from services.kernel.text.facts.model import Certificate, CertificateNeed, CertificateState, Span, Strength
from services.matcher.ranking.limits import exclusion
from services.matcher.ranking.pair import Opening, Pair, Seeker
from services.matcher.ranking.parts.papers import holding

_MET: Final = 0.8
_SUPPOSED: Final = Span(field="supposed", start=0, end=0, text="")


@dataclass(frozen=True, slots=True)
class Kind:
    """Openings alike: the work they offer, and one paper that they insist on (any of `names`)."""

    works: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(slots=True)
class Demand:
    """The openings of one kind: one of them stands for all, how many there are, and how many people they seek."""

    example: Opening
    openings: int = 0
    vacancies: int = 0


@dataclass(slots=True)
class Gap:
    """A paper that openings insist on, and the workers who lack only that."""

    certificate: str
    works: set[str] = field(default_factory=set)
    openings: int = 0
    vacancies: int = 0
    workers: set[str] = field(default_factory=set)


def demands(openings: Iterable[Opening]) -> Mapping[Kind, Demand]:
    """The openings by kind; an opening that insists on two papers counts for each."""
    found: dict[Kind, Demand] = {}
    for opening in openings:
        for need in insisted(opening):
            demand = found.setdefault(Kind(tuple(sorted(opening.main)), need.names), Demand(opening))
            demand.openings += 1
            demand.vacancies += opening.posting.headcount
    return found


def insisted(opening: Opening) -> Sequence[CertificateNeed]:
    """The papers without which nobody is taken on."""
    return [need for need in opening.facts.certificates if need.strength is Strength.MUST]


def lacks_only(seeker: Seeker, opening: Opening, names: tuple[str, ...], today: date) -> bool:
    """Whether the worker would stand in the opening's list with that paper and holds all others that it insists on."""
    held = seeker.facts.certificates
    others = [need for need in insisted(opening) if need.names != names]
    need = next((one for one in insisted(opening) if one.names == names), None)
    if need is None or holding(need, held, today) >= _MET:
        return False
    if any(holding(other, held, today) < _MET for other in others):
        return False
    paper = Certificate(
        name=names[0], state=CertificateState.HELD, level=need.level, branch=need.branch, expires=None, span=_SUPPOSED
    )
    facts = seeker.facts.model_copy(update={"certificates": (*(one for one in held if one.name not in names), paper)})
    return exclusion(Pair(replace(seeker, facts=facts), opening, today)) is None


def gaps(found: Iterable[tuple[Kind, Demand, Iterable[str]]]) -> Sequence[Gap]:
    """The gaps by paper, the one that most people lack first."""
    by_paper: dict[str, Gap] = {}
    for kind, demand, workers in found:
        gap = by_paper.setdefault(kind.names[0], Gap(kind.names[0]))
        gap.works |= set(kind.works)
        gap.openings += demand.openings
        gap.vacancies += demand.vacancies
        gap.workers |= set(workers)
    told = [gap for gap in by_paper.values() if gap.workers]
    return sorted(told, key=lambda gap: (-len(gap.workers), gap.certificate))
