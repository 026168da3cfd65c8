"""Places to which a worker would go, or would not, and how far from home."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

from services.kernel.text.facts import gazetteer, tables
from services.kernel.text.facts.model import PlaceWish, Reach, Span
from services.kernel.text.facts.passages import Passage

_REFUSED: Final = re.compile(r"(?:不是|不想|不愿|不要|不去|不考虑|不跑|别|莫|不喜欢|除了|怕)[^,、]{0,4}$")
_NEVER_AGAIN: Final = re.compile(r"(?:不想|不愿意?|不要|再也不|死也不|别|莫)(?:再)?(?:去|回|到|推|派|安排)(?:到|去)?$")
_REFUSED_AFTER: Final = re.compile(r"^[^,、]{0,3}(?:不去|不考虑|不想去|除外|太远了?不|莫推|别推)")
_BEST: Final = re.compile(r"^[^,、]{0,2}(?:最好|优先|熟|第一)")
_SECOND: Final = re.compile(r"^[^,、]{0,4}(?:也行|也可以|也得|也成|也去|也考虑|其次|近郊)|^[^,]{0,3}(?:再说)")
_DECREASE: Final = 0.03


class Whither(NamedTuple):
    """Wished, refused, and how far, with the words that say how far; `only`: the words that rule out every other place."""

    wished: tuple[PlaceWish, ...]
    refused: tuple[PlaceWish, ...]
    reach: Reach
    span: Span | None
    only: Span | None


@cache
def _cue(section: str, name: str) -> re.Pattern[str]:
    return re.compile(tables.load("place_cues")[section][name])


def whither(wish: Passage, others: Sequence[Passage]) -> Whither:
    """Reads the field of places wanted, and the other words for staying at home."""
    wished: list[PlaceWish] = []
    refused: list[PlaceWish] = []
    for place, degree in _named(wish):
        into = refused if degree == 0 else wished
        said = wish.span(place.start, place.end)
        into += [PlaceWish(code=code, degree=degree or 1.0, span=said) for code in place.codes]
    for passage in others:
        refused += _refused_in_passing(passage)
    reach, span = _reach(wish, [wish, *others], bool(wished))
    latest = {wish.code: wish for wish in wished}  # "深圳上海都行, 上海远了点": what is said last stands
    only = wish.search(_cue("wish", "only")) if latest else None
    return Whither(tuple(latest.values()), tuple(refused), reach, span, only)


def _refused_in_passing(passage: Passage) -> Iterator[PlaceWish]:
    """ "不想再去浙江" in a remark."""
    for place in gazetteer.places(passage.text):
        clause = passage.clause_at(place.start)
        if _NEVER_AGAIN.search(passage.text[clause.start : place.start]):
            span = passage.span(place.start, place.end)
            yield from (PlaceWish(code=code, span=span) for code in place.codes)


def _named(wish: Passage) -> Iterator[tuple[gazetteer.Place, float]]:
    """The places with their degree; 0 for refused."""
    for rank, place in enumerate(gazetteer.places(wish.text)):
        clause = wish.clause_at(place.start)
        before = wish.text[clause.start : place.start]
        after = wish.text[place.end : clause.end]
        if _REFUSED.search(before) or _REFUSED_AFTER.search(after):
            yield place, 0.0
        elif _cue("wish", "far").search(after):
            yield place, 0.6
        elif _BEST.search(after):
            yield place, 1.0
        elif _SECOND.search(after):
            yield place, 0.85
        else:
            yield place, max(1.0 - rank * _DECREASE, 0.85)


def _reach(wish: Passage, others: Sequence[Passage], named: bool) -> tuple[Reach, Span | None]:
    for passage in others:
        # Who names a place far off has thought of leaving: then it is care at home (`tied_home`), not a refusal to go.
        if (span := _stays(passage, "home")) and not passage.search(_cue("stays", "but")) and not _abroad(wish):
            return Reach.COUNTY, _whole(passage, span)
        if span := _stays(passage, "province"):
            return Reach.PROVINCE, _whole(passage, span)
    for name, reach in (
        ("province", Reach.PROVINCE),
        ("anywhere", Reach.ANYWHERE),
        ("home", Reach.HOME),
        ("county", Reach.COUNTY),
    ):
        said = wish.search(_cue("wish", name))
        if said and not (name in {"home", "county"} and named and (_abroad(wish) or _beside_place(wish, said))):
            return reach, _whole(wish, said)
    return Reach.UNKNOWN, None


def _whole(passage: Passage, said: Span) -> Span:
    """The clause around the words that decided, for who reads it."""
    clause = passage.clause_at(said.start)
    return passage.span(clause.start, clause.start + len(clause.text.rstrip()))


def _stays(passage: Passage, name: str) -> Span | None:
    return passage.search(_cue("stays", name))


def _abroad(wish: Passage) -> bool:
    """Whether a place outside Yunnan is named: "离家近点" beside 上海 does not keep anybody in the county."""
    return any(not code.startswith("53") for place in gazetteer.places(wish.text) for code in place.codes)


def _beside_place(wish: Passage, said: Span) -> bool:
    """ "昆明附近": near that place, not near home."""
    clause = wish.clause_at(said.start)
    return any(clause.start <= place.start < clause.end for place in gazetteer.places(wish.text))
