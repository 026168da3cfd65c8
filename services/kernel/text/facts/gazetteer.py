"""Places in words: divisions, their short names, well-known towns, other provinces, regions."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from services.contracts.vocabulary import divisions
from services.kernel.text.facts import tables

# Short names that are ordinary words or far likelier something else; only their full names are places.
_ORDINARY: Final = frozenset(
    {"城区", "郊区", "古城", "和平", "光明", "新丰", "新兴", "平远", "云县", "江海", "港口镇", "水富", "红塔"}
)
_JOINT: Final = re.compile(r"[市省州县区的]*")


@dataclass(frozen=True)
class Place:
    """Places named at [start, end); several codes for a region."""

    start: int
    end: int
    codes: tuple[str, ...]


@cache
def _regions() -> Mapping[str, tuple[str, ...]]:
    return {name: tuple(codes) for name, codes in tables.load("provinces")["regions"].items()}


@cache
def _single() -> Mapping[str, tuple[str, ...]]:
    """Name -> the codes it may stand for, the likeliest first."""
    table = tables.load("provinces")
    names = {town: (code,) for code, towns in table["towns"].items() for town in towns}
    names |= {name: (code,) for name, code in table["names"].items()}
    return names | {name: codes for name, codes in divisions.load().spoken_names().items() if name not in _ORDINARY}


@cache
def elsewhere() -> Mapping[str, str]:
    """Code -> name of the places outside the divisions table that people name: provinces and some cities."""
    return {code: name for name, code in reversed(tables.load("provinces")["names"].items())}


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted({*_single(), *_regions()}, key=len, reverse=True))))


def places(text: str) -> Iterator[Place]:
    """The places in folded words, in order. Nested names are one place: 上海嘉定 is 嘉定, 广东东莞厚街 is 东莞."""
    outer: Place | None = None
    for match in _pattern().finditer(text):
        adjoining = outer is not None and _JOINT.fullmatch(text[outer.end : match.start()]) is not None
        codes = _regions().get(match.group()) or _choose(_single()[match.group()], outer if adjoining else None)
        place = Place(match.start(), match.end(), codes)
        if outer is not None and adjoining and len(codes) == len(outer.codes) == 1 and covers(outer.codes[0], codes[0]):
            place = Place(outer.start, match.end(), codes)
        elif outer is not None:
            yield outer
        outer = place
    if outer is not None:
        yield outer


def _choose(codes: tuple[str, ...], outer: Place | None) -> tuple[str, ...]:
    """Of several divisions of one name: the one within the place named just before, else the likeliest."""
    inside = [code for code in codes if outer is not None and covers(outer.codes[0], code)]
    return ((inside or list(codes))[0],)


def covers(outer: str, inner: str) -> bool:
    """Whether `inner` lies in `outer` (or is it), by the structure of the codes."""
    if outer.endswith("0000"):
        return inner[:2] == outer[:2]
    if outer.endswith("00"):
        return inner[:4] == outer[:4]
    return inner == outer


def city_of(code: str) -> str:
    """The city (or prefecture) that a code lies in; a municipality is its own city; "" for a province."""
    province = code[:2] + "0000"
    if province in {"110000", "120000", "310000", "500000"}:
        return province
    return "" if code.endswith("0000") else code[:4] + "00"


def province_of(code: str) -> str:
    """The province that a code lies in."""
    return code[:2] + "0000"
