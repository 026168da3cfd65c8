"""What a record states in structure takes the place of what its words say: a clerk's correction wins over our reading.

Facts from structure have a span too: its field is the event's (`stated.intention.places`), its text what people read.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from services.contracts.events import HeldCertificate, PastWork, StatedIntention, WorkerStated
from services.contracts.vocabulary import divisions
from services.kernel.text.facts.model import (
    Certificate,
    Companion,
    Experience,
    Lodging,
    Mark,
    PayWish,
    PlaceWish,
    Reach,
    Span,
    Stance,
    Start,
    StartKind,
    Work,
    WorkerFacts,
)
from services.kernel.text.facts.work_lexicon import labels

_LESS_LIKED: Final = 0.03  # what is named later is liked a little less
_LEAST: Final = 0.85
_YEAR: Final = 365.25
_LIVING: Final = {"needed": "要住处", "own": "自理", "wants": "要", "accepts": "可以", "refuses": "不要"}
_REACHES: Final = {"home": "本村本乡", "county": "县内", "province": "省内", "anywhere": "哪里都行"}
_LANGUAGE_MARKS: Final = {"粤语": "cantonese"}


def corrected(read: WorkerFacts, stated: WorkerStated) -> WorkerFacts:
    """The facts with everything that is stated in its place; what nobody stated stays as it was read."""
    changes = _wishes(stated.intention) | _whither(stated.intention) | _terms(stated.intention)
    if stated.certificates is not None:
        changes["certificates"] = tuple(_certificate(paper) for paper in stated.certificates)
    if stated.experience is not None:
        changes["experience"] = tuple(_experience(work) for work in stated.experience)
    if stated.trained is not None:
        changes["trained"] = tuple(_works("stated.trained", stated.trained))
    if stated.languages is not None:
        changes["marks"] = tuple(_marks(read.marks, stated.languages))
    return read.model_copy(update=changes)


def _said(field: str, text: str) -> Span:
    return Span(field=field, start=0, end=0, text=text)


def _degree(place: int) -> float:
    return max(1.0 - place * _LESS_LIKED, _LEAST)


def _works(field: str, ids: Sequence[str]) -> Iterator[Work]:
    for place, work in enumerate(ids):
        yield Work(id=work, degree=_degree(place), span=_said(field, labels().get(work, work)))


def _places(field: str, codes: Sequence[str]) -> Iterator[PlaceWish]:
    for place, code in enumerate(codes):
        yield PlaceWish(code=code, degree=_degree(place), span=_said(field, divisions.load().full_name(code) or code))


def _wishes(intention: StatedIntention) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if intention.occupations is not None:
        wanted = tuple(_works("stated.intention.occupations", intention.occupations))
        changes |= {"wanted": wanted, "open_to_any": None, "only_wanted": None}
    if intention.occupations_refused is not None:
        changes["refused"] = tuple(_works("stated.intention.occupations_refused", intention.occupations_refused))
    if intention.training_wish is not None:
        changes["training_wish"] = intention.training_wish
    return changes


def _whither(intention: StatedIntention) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if intention.places is not None:
        changes |= {"places": tuple(_places("stated.intention.places", intention.places)), "places_only": None}
    if intention.places_refused is not None:
        changes["places_refused"] = tuple(_places("stated.intention.places_refused", intention.places_refused))
    if intention.reach is not None:
        span = _said("stated.intention.reach", _REACHES[intention.reach])
        changes |= {"reach": Reach(intention.reach), "reach_span": span}
    return changes


def _terms(intention: StatedIntention) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if intention.pay_floor is not None:
        floor = float(intention.pay_floor)
        changes["pay"] = PayWish(wished=floor, floor=floor, span=_said("stated.intention.pay_floor", f"{floor:g}元"))
    if intention.lodging is not None:
        span = _said("stated.intention.lodging", _LIVING[intention.lodging])
        changes |= {"lodging": Lodging(intention.lodging), "lodging_span": span}
    for name in ("live_in", "nights"):
        if (stance := getattr(intention, name)) is not None:
            changes |= {name: Stance(stance), f"{name}_span": _said(f"stated.intention.{name}", _LIVING[stance])}
    if intention.companions is not None:
        span = _said("stated.intention.companions", "同行")
        changes["companions"] = tuple(Companion(kind=one.kind, must=one.must, span=span) for one in intention.companions)
    if (day := intention.earliest_start) is not None:
        changes["start"] = Start(kind=StartKind.ON, on=day, span=_said("stated.intention.earliest_start", day.isoformat()))
    if intention.blocked_months is not None:
        changes["blocked_months"] = tuple(sorted(intention.blocked_months))
    return changes


def _certificate(paper: HeldCertificate) -> Certificate:
    span = _said("stated.certificates", paper.certificate)
    return Certificate(name=paper.certificate, level=paper.level, branch=paper.branch, expires=paper.expires_on, span=span)


def _experience(work: PastWork) -> Experience:
    """Years where both ends are known: of present work only the day of the search could tell."""
    days = (work.until - work.since).days if work.since and work.until else None
    return Experience(
        id=work.occupation,
        years=round(max(days, 0) / _YEAR, 1) if days is not None else None,
        places=(work.place_code,) if work.place_code else (),
        span=_said("stated.experience", labels().get(work.occupation, work.occupation)),
    )


def _marks(read: Sequence[Mark], languages: Sequence[str]) -> Iterator[Mark]:
    spoken = set(_LANGUAGE_MARKS.values())
    yield from (mark for mark in read if mark.id not in spoken)
    for language, mark in _LANGUAGE_MARKS.items():
        yield Mark(id=mark, holds=language in languages, span=_said("stated.languages", language))
