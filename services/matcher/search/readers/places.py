"""Where: places of work, homes, how far people would go."""

from collections.abc import Iterator
from dataclasses import replace
from enum import Enum
from functools import cache
from typing import Final

from services.contracts.vocabulary import divisions
from services.kernel.index import All, AnyOf, Not, Query, Term
from services.kernel.text.facts import cues, gazetteer
from services.kernel.text.facts.model import Reach
from services.matcher.search.asked import Asked
from services.matcher.search.concepts import Concept, Kind, Rung

HOME_PROVINCE: Final = "530000"
_NEIGHBOURHOOD_KM: Final = 80.0
_HOMES: Final = ("province_code", "prefecture_code", "county_code")
_WORKPLACES: Final = ("province_code", "city_code", "district_code")
_NEAR: Final = (Reach.HOME.value, Reach.COUNTY.value)


def places(asked: Asked) -> Iterator[Concept]:
    """Every place named, and words for nearness. Several places of one sort are alternatives."""
    yield from _reach(asked) if asked.searches_workers else _near_home(asked)
    found: dict[Said, list[Told]] = {}
    passage = asked.left
    for place in gazetteer.places(passage.text):
        if _is_name(passage.text, place):
            said, told = _told(asked, passage.text, place)
            found.setdefault(said, []).append(told)
    for said, all_told in found.items():
        for start, end, _ in all_told:
            asked.take(start, end)
        codes = tuple(dict.fromkeys(code for _, _, codes in all_told for code in codes))
        name = "、".join(divisions.load().full_name(code) or code for code in codes)
        start, end = min(one[0] for one in all_told), max(one[1] for one in all_told)
        yield (
            _READINGS[said](start, end, codes, name)
            if asked.searches_workers
            else _workplace(start, end, codes, name, negated=said is Said.REFUSED)
        )


class Said(Enum):
    """In what sense a place was named."""

    WISHED = "wished"
    NAMED = "named"
    HOME = "home"
    WORKED = "worked"
    REFUSED = "refused"


Told = tuple[int, int, tuple[str, ...]]


def _is_name(text: str, place: gazetteer.Place) -> bool:
    """粤 alone is a place in "去粤" and between commas, not in 粤菜."""
    if place.end - place.start > 1:
        return True
    before, after = text[: place.start][-1:], text[place.end :][:1]
    return before in {"", ",", "去", "到", "在"} and after in {"", ",", "的", "打"}


def _told(asked: Asked, text: str, place: gazetteer.Place) -> tuple[Said, Told]:
    words = cues.section("search_cues", "words")
    start, end = place.start, place.end
    head, tail = text[:start], text[end:]
    if asked.is_refused(start, end):
        return Said.REFUSED, (*asked.with_refusal(start, end), place.codes)
    if wish := words["wish_before"].search(head):
        return Said.WISHED, (wish.start(), end, place.codes)
    worked, after = words["worked_after"].match(tail), words["residence_after"].match(tail)
    if worked and (words["worked_before"].search(head) or "过" in worked.group() or "回来" in worked.group()):
        return Said.WORKED, (start, end, place.codes)
    if after and place.codes[0].startswith(HOME_PROVINCE[:2]) and place.codes[0] != HOME_PROVINCE:
        return Said.HOME, (start, end + after.end(), place.codes)
    return Said.NAMED, (start, end, place.codes)


def _reach(asked: Asked) -> Iterator[Concept]:
    near = Term("reach", _NEAR)
    within = AnyOf([Term("reach", [*_NEAR, Reach.PROVINCE.value]), Term("place_paths", [HOME_PROVINCE])])
    table = (
        ("stay_province", "不出省", within, Term("reach", [Reach.PROVINCE.value, *_NEAR])),
        ("near_home", "离家近", AnyOf([near, Term("place_paths", [HOME_PROVINCE])]), near),
        ("anywhere", "哪里都行", Term("reach", [Reach.ANYWHERE.value]), Term("reach", [Reach.ANYWHERE.value])),
    )
    for name, label, met, surely in table:
        for start, end, _ in list(asked.find(name)):
            asked.take(start, end)
            yield Concept(Kind.REACH, start, end, label, meets=met, rungs=[Rung(met, 2.0), Rung(surely, 3.0)])


def _near_home(asked: Asked) -> Iterator[Concept]:
    """For who stays in Yunnan: the kinds of openings near home, and all others there."""
    met = Term("province_code", [HOME_PROVINCE])
    for start, end, _ in list(asked.find("near_home_posting")):
        asked.take(start, end)
        yield Concept(Kind.REACH, start, end, "家门口（云南省内）", meets=met, rungs=[Rung(met, 4.0)])


def _within(fields: tuple[str, str, str], codes: tuple[str, ...]) -> Query:
    """In any of these divisions, each looked for at its own level."""
    return AnyOf([Term(fields[_level(code)], [code]) for code in codes])


def _level(code: str) -> int:
    if code == gazetteer.province_of(code):
        return 0
    return 1 if code.endswith("00") else 2


def _workplace(start: int, end: int, codes: tuple[str, ...], name: str, *, negated: bool) -> Concept:
    here = _within(_WORKPLACES, codes)
    if negated:
        return Concept(Kind.PLACE, start, end, f"不在{name}", must=Not(here), negated=True)
    around = [city for code in codes for city in _around(code)]
    near = AnyOf([here, Term("city_code", around), *(_same_city(code) for code in codes)])
    return Concept(Kind.PLACE, start, end, f"在{name}工作", meets=here, rungs=[Rung(near, 1.0), Rung(here, 5.0)])


def _same_city(code: str) -> Query:
    """A municipality's district: the others of it."""
    city = gazetteer.city_of(code)
    return Term("province_code" if city and city.endswith("0000") else "city_code", [city])


def _home(start: int, end: int, codes: tuple[str, ...], name: str) -> Concept:
    return Concept(Kind.RESIDENCE, start, end, f"家在{name}", must=_within(_HOMES, codes))


def _worked(start: int, end: int, codes: tuple[str, ...], name: str) -> Concept:
    met = Term("worked_paths", list(codes))
    return Concept(Kind.EXPERIENCE, start, end, f"在{name}做过", meets=met, rungs=[Rung(met, 4.0)])


def _refused(start: int, end: int, codes: tuple[str, ...], name: str) -> Concept:
    refused = Term("places_refused", list(codes))
    elsewhere = Not(Term("place_paths", list(codes)))
    return Concept(Kind.PLACE, start, end, f"不去{name}", must=elsewhere, rungs=[Rung(refused, 2.0)], negated=True)


def _wished(start: int, end: int, codes: tuple[str, ...], name: str) -> Concept:
    here = Term("place_paths", list(codes))
    outer = [outer for code in codes for outer in _outer(code)]
    covered = AnyOf([here, Term("place_wishes", outer)])
    around = Term("place_wishes", [city for code in codes for city in _around(code)])
    anywhere = Term("reach", [Reach.ANYWHERE.value])
    region = AnyOf([covered, around, anywhere, Term("place_paths", [gazetteer.province_of(code) for code in codes])])
    rungs = [Rung(region, 1.0), Rung(AnyOf([covered, around]), 1.0), Rung(covered, 2.5), Rung(here, 1.5)]
    willing = Not(All([Term("places_refused", [*codes, *outer]), Not(here)]))
    return Concept(Kind.PLACE, start, end, f"想去{name}", must=willing, meets=AnyOf([covered, anywhere]), rungs=rungs)


def _named(start: int, end: int, codes: tuple[str, ...], name: str) -> Concept:
    """A place of Yunnan by itself may be meant as home too."""
    wish = _wished(start, end, codes, name)
    if not codes[0].startswith(HOME_PROVINCE[:2]):
        return wish
    lives = _within(_HOMES, codes)
    met = lives if wish.meets is None else AnyOf([wish.meets, lives])
    return replace(wish, label=f"想去{name}，或家在那里", meets=met, rungs=[*wish.rungs, Rung(lives, 1.5)])


def _outer(code: str) -> list[str]:
    """The divisions around: who would go anywhere in 广东 would go to 佛山."""
    return [outer for outer in dict.fromkeys((gazetteer.city_of(code), gazetteer.province_of(code))) if outer and outer != code]


@cache
def _around(code: str) -> tuple[str, ...]:
    """The cities near by; none for a province."""
    city = gazetteer.city_of(code)
    table = divisions.load()
    if not city:
        return ()
    cities = {gazetteer.city_of(codes[0]) for codes in table.spoken_names().values()} - {"", city}
    return tuple(sorted(near for near in cities if (table.distance_km(city, near) or 1e9) <= _NEIGHBOURHOOD_KM))


_READINGS: Final = {
    Said.WISHED: _wished,
    Said.NAMED: _named,
    Said.HOME: _home,
    Said.WORKED: _worked,
    Said.REFUSED: _refused,
}
