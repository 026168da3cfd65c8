"""Where the work is: province, city, district by name."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from services.contracts.vocabulary import divisions
from services.jobs.understanding.fact import IMPLIED, SAID, STATED, Fact, Key, whole
from services.jobs.understanding.notice import Notice
from services.kernel.text.facts import gazetteer, tables
from services.kernel.text.facts.model import Span
from services.kernel.text.facts.passages import Passage

_LEVELS: Final[tuple[Key, ...]] = ("place_province", "place_city", "place_district")
_COLUMNS: Final = ("province", "city", "district", "address")
_CODE: Final = re.compile(r"\d{6}")
# A place name that is no place of work: 云南菜, 沪滇协作, 上海话, 贵州人.
_NOT_THERE: Final = re.compile(
    r"^(?:菜|话|人|籍|味|户|滇|口音|老乡|协作|白话|大学(?!城)|来|沪|粤|本地人|客户(?!家)|产妇|过来|老人)"
)
_FAR: Final = re.compile(r"(?:不是|非|除|离|距|来自|从|接受|面向|优先)[^,.;]{0,3}$")
_TOWN_SUFFIX: Final = re.compile(r"镇|街道|乡")
_AUTONOMOUS: Final = frozenset({"内蒙", "内蒙古", "广西", "西藏", "宁夏", "新疆"})
_MUNICIPAL: Final = frozenset({"11", "12", "31", "50"})


def places(notice: Notice) -> Iterator[Fact]:
    """From the columns of place; where they are silent, the first place that the words name."""
    found = list(_columns(notice))
    yield from found
    if not found:
        yield from _told(notice)


def _columns(notice: Notice) -> Iterator[Fact]:
    cells = [notice.column(name) for name in _COLUMNS]
    passages = list(notice.of(*_COLUMNS))
    if not passages:
        return
    if all(_CODE.fullmatch(cell) for cell in cells[:3] if cell) and any(cells[:3]):
        code = next(cell for cell in (*reversed(cells[:3]),) if cell)
        yield from _named(code, whole(passages[0]), STATED)
        return
    place = divisions.load().resolve(*cells[:3]) if any(cells[:3]) else divisions.load().resolve("", "", cells[3])
    if place is None:
        for passage in reversed(passages):
            if named := next((one.codes[0] for one in gazetteer.places(passage.text)), None):
                yield from _named(named, whole(passage), SAID)
                break
    else:
        at = place.county_code or place.city_code or place.province_code
        yield from _named(at, whole(passages[-1] if place.county_code else passages[0]), STATED)
    district = next(notice.of("district"), None)
    if district is not None and (place is None or place.county_code is None):
        yield Fact("place_district", district.written.strip(), whole(district), STATED)


def _told(notice: Notice) -> Iterator[Fact]:
    for passage in notice.of("title", "text", "employer", "hours"):
        for place in gazetteer.places(passage.text):
            head, tail = passage.text[: place.start], passage.text[place.end :]
            if len(place.codes) == 1 and not _NOT_THERE.search(tail) and not _FAR.search(head):
                yield from _named(place.codes[0], passage.span(place.start, place.end), IMPLIED)
                yield from _town(passage, place)
                return


def _town(passage: Passage, place: gazetteer.Place) -> Iterator[Fact]:
    """Where a city has no districts, its towns: 东莞长安镇."""
    words = passage.text[place.start : place.end]
    for town in tables.load("provinces")["towns"].get(place.codes[0], ()) if place.codes[0].endswith("00") else ():
        if words.endswith(town):
            suffix = _TOWN_SUFFIX.match(passage.text[place.end :])
            end = place.end + (suffix.end() if suffix else 0)
            yield Fact("place_district", passage.text[place.end - len(town) : end], passage.span(place.start, end), IMPLIED)


def _named(code: str, span: Span, confidence: float) -> Iterator[Fact]:
    """The names of a division and of those above it."""
    for key, name in zip(_LEVELS, names(code), strict=True):
        if name:
            yield Fact(key, name, span, confidence)


def names(code: str) -> tuple[str, str, str]:
    """Province, city and district of a GB/T 2260 code, "" where it does not go so deep. A municipality is its own city."""
    table = divisions.load()
    province, city = gazetteer.province_of(code), gazetteer.city_of(code)
    whole_name = _name(province)
    district = table.get(code) if code not in {province, city} else None
    deep = district.name if district else _outside().get(code, "") if code not in {province, city} else ""
    return whole_name, _name(city) if city else "", deep


def _name(code: str) -> str:
    division = divisions.load().get(code)
    if division is not None:
        return division.name
    short = _outside().get(code, "")
    if not short or short in _AUTONOMOUS:
        return short
    province = code.endswith("0000") and code[:2] not in _MUNICIPAL
    return short + ("省" if province else "市")


@cache
def _outside() -> dict[str, str]:
    """Code -> name of places outside the divisions table."""
    return {code: name for name, code in reversed(tables.load("provinces")["names"].items())}
