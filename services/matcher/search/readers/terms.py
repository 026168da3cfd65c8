"""On what terms: living in, nights, lodging, companions, and the traits that people and openings have names for."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from services.kernel.index import AnyOf, Exists, Holds, Not, Query, Term
from services.kernel.text.facts import cues, marks, tables
from services.kernel.text.facts.model import Lodging, Mark, Stance
from services.kernel.text.facts.passages import Passage
from services.matcher.search.asked import Asked
from services.matcher.search.concepts import TEXT_FIELDS, Concept, Kind, Rung

_REFUSES: Final = [Stance.REFUSES.value]
_WILLING: Final = [Stance.WANTS.value, Stance.ACCEPTS.value]
# A trait of people -> the offer, demand or kind by which openings know the same thing.
_OFFERED: Final[Mapping[str, str]] = {
    "couple_room": "couple_room",
    "single_room": "single_room",
    "halal": "halal",
    "bring_child": "child_care",
    "day_pay": "day_pay",
}
_TOLD: Final[Mapping[str, str]] = {
    "couple_room": "有夫妻房",
    "single_room": "有单间",
    "halal": "清真饮食",
    "child_care": "方便带孩子",
    "day_pay": "日结周结",
    "training": "包教包培训",
    "travel_paid": "报销路费",
    "disabled_welcome": "残疾人可以做",
}


def living(asked: Asked) -> Iterator[Concept]:
    """住家 and 夜班, either way."""
    for name, refuses in (("live_in_no", True), ("live_in_yes", False)):
        for start, end, _ in list(asked.find(name)):
            denied = refuses or asked.is_refused(start, end)
            span = asked.with_refusal(start, end)
            asked.take(*span)
            yield _live_in(*span, denied=denied)
    for name, refuses in (("nights_no", True), ("nights_yes", False)):
        for start, end, _ in list(asked.find(name)):
            denied = refuses or asked.is_refused(start, end)
            span = asked.with_refusal(start, end)
            asked.take(*span)
            yield _nights_of_people(*span, denied=denied) if asked.searches_workers else _nights(*span, denied=denied)


def _live_in(start: int, end: int, *, denied: bool) -> Concept:
    """The same codes on both sides: who wants to live in, and where one does."""
    if not denied:
        met = Term("live_in", _WILLING)
        rungs = [Rung(met, 4.0), Rung(Term("live_in", [Stance.WANTS.value]), 1.0)]
        return Concept(Kind.LIVE_IN, start, end, "住家", must=Not(Term("live_in", _REFUSES)), meets=met, rungs=rungs)
    out = Term("live_in", [Stance.REFUSES.value, Stance.ACCEPTS.value])
    rungs = [Rung(Not(Exists("live_in")), 1.0), Rung(out, 2.5), Rung(Term("live_in", _REFUSES), 2.5)]
    return Concept(
        Kind.LIVE_IN, start, end, "不住家", must=Not(Term("live_in", [Stance.WANTS.value])), rungs=rungs, negated=True
    )


def _nights_of_people(start: int, end: int, *, denied: bool) -> Concept:
    if denied:
        met = Term("nights", _REFUSES)
        return Concept(Kind.NIGHTS, start, end, "不上夜班", meets=met, rungs=[Rung(met, 5.0)], negated=True)
    met = Term("nights", _WILLING)
    return Concept(Kind.NIGHTS, start, end, "能上夜班", must=Not(Term("nights", _REFUSES)), rungs=[Rung(met, 3.0)])


def _nights(start: int, end: int, *, denied: bool) -> Concept:
    if denied:
        by_day = Term("nights", [False])
        return Concept(
            Kind.NIGHTS, start, end, "不上夜班", must=Not(Term("nights", [True])), rungs=[Rung(by_day, 2.0)], negated=True
        )
    met = Term("nights", [True])
    return Concept(Kind.NIGHTS, start, end, "有夜班", meets=met, rungs=[Rung(met, 4.0)])


def housing(asked: Asked) -> Iterator[Concept]:
    """包住 and 包吃: asked for by people, offered by openings."""
    for name, label, kind in (("lodging", "包住", "lodging"), ("board", "包吃", "board")):
        for start, end, _ in list(asked.find(name)):
            asked.mark(start, end)
            if asked.searches_workers:
                if kind == "lodging":
                    needs = Term("lodging", [Lodging.NEEDED.value])
                    yield Concept(Kind.LODGING, start, end, "要求包住", meets=needs, rungs=[Rung(needs, 3.0)])
                continue
            given, some = Term(kind, [Lodging.PROVIDED.value]), Term(kind, [Lodging.ALLOWANCE.value])
            rungs = [Rung(given, 4.0), Rung(some, 1.5)]
            yield Concept(Kind.LODGING, start, end, label, meets=AnyOf([given, some]), rungs=rungs)


def companions(asked: Asked) -> Iterator[Concept]:
    """Couples, kin, groups from one village."""
    for name, label in (("spouse", "夫妻同去"), ("kin", "亲戚同去"), ("villagers", "同乡同去")):
        for start, end, _ in list(asked.find(name)):
            asked.take(start, end)
            if not asked.searches_workers:
                if name == "spouse":
                    welcome = Term("offers", ["couple_room"])
                    yield Concept(Kind.COMPANIONS, start, end, "夫妻可以一起", meets=welcome, rungs=[Rung(welcome, 5.0)])
                continue
            with_them = Term("companions", [name])
            rungs = [Rung(with_them, 4.0)]
            met: Query = with_them
            if name == "spouse":
                room = Term("marks", ["couple_room"])
                met, rungs = AnyOf([with_them, room]), [*rungs, Rung(room, 1.5)]
            yield Concept(Kind.COMPANIONS, start, end, label, meets=met, rungs=rungs)


def traits(asked: Asked) -> Iterator[Concept]:
    """What the tables of marks have a name for."""
    passage = asked.left
    told = [*marks.worker_marks([passage]), *_asked_otherwise(passage)]
    if asked.searches_workers:
        for mark in told:
            yield from _trait(asked, mark)
        return
    of_people = {mark.id: mark for mark in told}
    offers = {mark.id: mark for mark in marks.offers([passage])}
    for theirs, ours in _OFFERED.items():
        if theirs in of_people:
            offers.setdefault(ours, of_people[theirs])
    for name, offer in (
        ("disabled_welcome", "disabled_welcome"),
        ("child_care", "child_care"),
        ("training_taught", "training"),
    ):
        for start, end, _ in asked.find(name):
            offers.setdefault(offer, Mark(id=offer, span=passage.span(start, end)))
    demands = {mark.id: mark for mark in marks.demands([passage])}
    known = tables.load("marks")["posting"]
    able = {name: mark for name, mark in of_people.items() if name not in _OFFERED and name in known}
    for offer, mark in offers.items():
        yield _offer(asked, offer, mark)
    for name, mark in (demands | able).items():
        yield from _demand(asked, name, mark)


def _asked_otherwise(passage: Passage) -> Iterator[Mark]:
    for trait, words in cues.section("search_cues", "traits").items():
        for match in words.finditer(passage.text):
            yield Mark(id=trait, span=passage.span(*match.span()))


def phrases(asked: Asked) -> Iterator[Concept]:
    """What has no field of its own and yet several words: 退伍军人, 部队下来的."""
    for row in tables.load("search_cues")["phrase"]:
        for match in list(re.finditer(row["words"], asked.left.text)):
            asked.take(*match.span())
            held = AnyOf([Holds(name, row["tokens"]) for name in TEXT_FIELDS[asked.over]])
            yield Concept(Kind.TEXT, *match.span(), row["label"], meets=held, rungs=[Rung(held, 4.0)])


def _read(asked: Asked, trait: str, start: int, end: int) -> None:
    """队长 is a trait, and part of 保安队长; of the others nothing is left to read."""
    if trait == "leading":
        asked.mark(start, end)
    else:
        asked.take(start, end)


def _trait(asked: Asked, mark: Mark) -> Iterator[Concept]:
    start, end = mark.span.start, mark.span.end
    turned = mark.holds and asked.is_refused(start, end)
    if turned:
        start, end = asked.with_refusal(start, end)
        asked.take(start, end)
        must = Not(Term("marks", [mark.id]))
        yield Concept(Kind.TRAIT, start, end, f"不：{marks.label(mark.id)}", must=must, negated=True)
        return
    _read(asked, mark.id, start, end)
    met = Term("marks" if mark.holds else "marks_denied", [mark.id])
    label = marks.label(mark.id) if mark.holds else f"不{marks.label(mark.id)}"
    yield Concept(Kind.TRAIT, start, end, label, meets=met, rungs=[Rung(met, 5.0)], negated=not mark.holds)


def _offer(asked: Asked, offer: str, mark: Mark) -> Concept:
    asked.take(mark.span.start, mark.span.end)
    met = Term("offers", [offer])
    return Concept(Kind.TRAIT, mark.span.start, mark.span.end, _TOLD.get(offer, offer), meets=met, rungs=[Rung(met, 5.0)])


def _demand(asked: Asked, name: str, mark: Mark) -> Iterator[Concept]:
    """Openings that need what somebody can do; or not what somebody cannot do."""
    try:
        label = marks.label(name)
    except KeyError:  # openings ask for more than people have names for
        return
    start, end = mark.span.start, mark.span.end
    _read(asked, name, start, end)
    if not mark.holds or asked.is_refused(start, end):
        yield Concept(Kind.TRAIT, start, end, f"不要求{label}", must=Not(Term("demands", [name])), negated=True)
        return
    needed, welcome = Term("demands", [name]), Term("welcomes", [name])
    yield Concept(
        Kind.TRAIT,
        start,
        end,
        f"用得上：{label}",
        meets=AnyOf([needed, welcome]),
        rungs=[Rung(needed, 3.0), Rung(welcome, 2.0)],
    )


def kinds(asked: Asked) -> Iterator[Concept]:
    """公益性岗位, 帮扶车间: kinds of openings near home."""
    if asked.searches_workers:
        return
    for name, kind, work in (("public_post", "public_welfare", "G"), ("workshop", "workshop", "")):
        for start, end, _ in list(asked.find(name)):
            asked.mark(start, end)
            met = Term("kind", [kind])
            yield Concept(Kind.POSTING_KIND, start, end, "公益性岗位" if work else "帮扶车间", rungs=[Rung(met, 3.0)])
