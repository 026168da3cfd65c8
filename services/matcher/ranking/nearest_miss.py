"""Which single change would make a pair fit: 办健康证即可, 薪资提高到5000元. Each change is tried on the pair itself.

Nothing is proposed that would press on health, home or age: only papers, terms of the opening and the worker's own wishes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from services.contracts.vocabulary import divisions
from services.kernel.text.facts import starts
from services.kernel.text.facts.model import (
    ANY_WORK,
    Certificate,
    CertificateNeed,
    Lodging,
    Mark,
    PlaceWish,
    Reach,
    Span,
    Stance,
    StartKind,
    Strength,
    Work,
)
from services.matcher.ranking.limits import exclusion, needed_by_law
from services.matcher.ranking.pair import Opening, Pair, Seeker
from services.matcher.ranking.parts.papers import HEALTH, holding, short
from services.matcher.ranking.parts.terms import pay_value
from services.matcher.ranking.parts.work import nearest_wish, opening_label
from services.matcher.ranking.scoring import score
from services.matcher.ranking.weights import Direction, Weights

By = Literal["worker", "employer"]
FITS: Final = 0.75
"""A score from which a pair is worth a call: on the judged collection most pairs of grade 2 and 3 stand above it."""
_MATTERS: Final = 0.015  # a smaller gain is not worth telling
_MET: Final = 0.8
_OF_MIND: Final = frozenset({"place_wish", "work_wish"})  # told only where it alone would do
_LEVELS: Final = " 一二三四五"
_SUPPOSED: Final = Span(field="supposed", start=0, end=0, text="")


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was tried. `by`: who would have to make it; `words` with `{self}` (judgement.py); `pair` after it."""

    code: str
    by: By
    words: str
    pair: Pair


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change would do: the score after it, and whether the pair then fits where it did not before."""

    change: Change
    score_after: float
    makes_fit: bool


def outcomes(pair: Pair, direction: Direction, weights: Weights) -> Sequence[Outcome]:
    """The changes that help, the least effort first among those that make the pair fit, then by what they gain."""
    excluded = exclusion(pair) is not None
    before = 0.0 if excluded else score(pair, direction, weights).total
    found = []
    for effort, change in enumerate(changes(pair)):
        if exclusion(change.pair) is not None:
            continue
        after = score(change.pair, direction, weights).total
        if after - before >= _MATTERS:
            fits = after >= FITS and (excluded or before < FITS)
            if change.code in _OF_MIND and not fits:
                continue
            found.append((not fits, effort if fits else 0, before - after, Outcome(change, after, fits)))
    return [outcome for *_, outcome in sorted(found, key=lambda row: row[:3])]


def nearest_miss(found: Sequence[Outcome]) -> Outcome | None:
    """The one change that would do; None when the pair fits already or no single change is enough."""
    return next((outcome for outcome in found if outcome.makes_fit), None)


def changes(pair: Pair) -> Iterator[Change]:
    """Every single change that applies, from the least effort to the most."""
    for tried in _TRIED:
        yield from tried(pair)


def _with_seeker(pair: Pair, **facts: object) -> Pair:
    return replace(pair, seeker=Seeker(pair.seeker.profile, pair.seeker.facts.model_copy(update=facts)))


def _with_opening(pair: Pair, **facts: object) -> Pair:
    return replace(pair, opening=Opening(pair.opening.posting, pair.opening.facts.model_copy(update=facts)))


def _papers(pair: Pair) -> Iterator[Change]:
    held = pair.seeker.facts.certificates
    asked = [need for need in pair.opening.facts.certificates if need.strength is not Strength.NICE]
    by_law = needed_by_law(pair)
    if by_law is not None and not any(set(need.names) & set(by_law.names) for need in asked):
        asked.append(by_law)
    for need in sorted(asked, key=lambda need: need.names != (HEALTH,)):
        if holding(need, held, pair.today) >= _MET:
            continue
        paper = Certificate(name=need.names[0], level=need.level, branch=need.branch, span=_SUPPOSED)
        others = tuple(one for one in held if one.name not in need.names)
        yield Change("certificate", "worker", _to_get(need, held, pair), _with_seeker(pair, certificates=(*others, paper)))


def _to_get(need: CertificateNeed, held: Sequence[Certificate], pair: Pair) -> str:
    name = short(need.names[0])
    mine = [paper for paper in held if paper.name in need.names]
    if need.names == (HEALTH,):
        return "办健康证"
    if any(paper.on(pair.today) == "expired" for paper in mine):
        return f"{name}复审换证"
    level = f"（{_LEVELS[need.level]}级）" if need.level else ""
    return f"考取{name}{level}"


def _bed(pair: Pair) -> Iterator[Change]:
    if pair.far and pair.opening.facts.lodging in {Lodging.NONE, Lodging.UNKNOWN, Lodging.ALLOWANCE}:
        yield Change("lodging", "employer", "岗位提供住宿", _with_opening(pair, lodging=Lodging.PROVIDED))
    missing = {"couple_room": "安排夫妻房", "single_room": "安排单间", "halal": "解决清真伙食"}
    for mark, words in missing.items():
        if pair.seeker.marks.get(mark) and mark not in pair.opening.offers:
            offers = (*pair.opening.facts.offers, Mark(id=mark, span=_SUPPOSED))
            yield Change(mark, "employer", words, _with_opening(pair, offers=offers))


def _money(pair: Pair) -> Iterator[Change]:
    asked, offered = pair.seeker.facts.pay, pair.opening.facts.pay
    if asked is None or asked.wished is None or offered is None or offered.at_most is None:
        return
    if offered.at_most < asked.wished and pay_value(asked, offered) < _MET:
        more = offered.model_copy(update={"at_most": asked.wished})
        yield Change("pay", "employer", f"薪资提高到{asked.wished:g}元", _with_opening(pair, pay=more))
        less = asked.model_copy(update={"wished": offered.at_most, "floor": None})
        yield Change("pay_wish", "worker", f"{{self}}能接受{offered.at_most:g}元", _with_seeker(pair, pay=less))


def _day_and_night(pair: Pair) -> Iterator[Change]:
    if pair.opening.facts.nights and pair.seeker.facts.nights is Stance.REFUSES:
        yield Change("day_shift", "employer", "安排白班", _with_opening(pair, nights=False))
    live_in, wish = pair.opening.facts.live_in, pair.seeker.facts.live_in
    if live_in is Stance.WANTS and wish is Stance.REFUSES:
        yield Change("live_out", "employer", "可以不住家", _with_opening(pair, live_in=Stance.ACCEPTS))
    if live_in is Stance.REFUSES and wish is Stance.WANTS:
        yield Change("live_out_wish", "worker", "{self}能接受不住家", _with_seeker(pair, live_in=Stance.ACCEPTS))


def _time(pair: Pair) -> Iterator[Change]:
    said, posting = pair.seeker.facts.start, pair.opening.posting
    day = starts.earliest(said, pair.today)
    closed = posting.valid_until is not None and posting.valid_until < (day or pair.today)
    if said is not None and said.kind is not StartKind.LONG and day is not None and closed:
        later = replace(pair, opening=Opening(posting.model_copy(update={"valid_until": day}), pair.opening.facts))
        yield Change("later_closing", "employer", f"岗位留到{day.year}年{day.month}月{day.day}日", later)


def _practice(pair: Pair) -> Iterator[Change]:
    need = pair.opening.facts.experience
    if need is not None and need.strength is Strength.MUST:
        taught = (*pair.opening.facts.offers, Mark(id="training", span=_SUPPOSED))
        words = f"用人单位愿意带教没做过{opening_label(pair.opening)}的人"
        yield Change("training", "employer", words, _with_opening(pair, offers=taught, experience=None))


def _whither(pair: Pair) -> Iterator[Change]:
    facts, here = pair.seeker.facts, pair.opening.place
    wished = (*facts.places, PlaceWish(code=here, span=_SUPPOSED))
    kept = tuple(place for place in facts.places_refused if not here.startswith(place.code.rstrip("0")))
    reach = Reach.UNKNOWN if facts.reach in {Reach.HOME, Reach.COUNTY, Reach.PROVINCE} else facts.reach
    changed = _with_seeker(pair, places=wished, places_refused=kept, places_only=None, reach=reach, reach_span=None)
    yield Change("place_wish", "worker", f"{{self}}愿意去{divisions.load().full_name(here)}", changed)


def _work(pair: Pair) -> Iterator[Change]:
    main = pair.opening.main
    if not main or nearest_wish(pair.seeker, pair.opening)[0] >= _MET:
        return
    wanted = (*pair.seeker.facts.wanted, *(Work(id=work, degree=1.0, span=_SUPPOSED) for work in main if work != ANY_WORK))
    refused = tuple(work for work in pair.seeker.facts.refused if work.id not in main)
    changed = _with_seeker(pair, wanted=wanted, refused=refused, only_wanted=None)
    yield Change("work_wish", "worker", f"{{self}}愿意做{opening_label(pair.opening)}", changed)


_TRIED: Final[Sequence[Callable[[Pair], Iterator[Change]]]] = (
    _papers,
    _bed,
    _day_and_night,
    _money,
    _time,
    _practice,
    _whither,
    _work,
)
