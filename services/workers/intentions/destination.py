"""Where somebody would go, in the three classes that bureaus count: beyond the province, within it, within the county.

Only what is certain: places stated, or words every part of which is a known place or a known saying. Pure.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from services.contracts.vocabulary import codes, divisions
from services.kernel.text.facts import gazetteer
from services.workers.intentions.intention import Intention

BEYOND: Final = "D1"
PROVINCE: Final = "D2"
COUNTY: Final = "D3"
_OF_REACH: Final = {"home": COUNTY, "county": COUNTY, "province": PROVINCE, "anywhere": BEYOND}
_PARTS: Final = re.compile(r"[、，,;；/／。\s]+|或者|或|和|及|与")
_AROUND: Final = re.compile(r"^(?:想去|愿意去|去|到|在|最好|优先)|(?:等地|等|都可以?|都行|也可以?|也行|优先|方向|那边|务工)$")


def destination(intention: Intention, words: str, county_code: str) -> str | None:
    """The farthest class that somebody would go to (code of vocabulary destination); None when it is not certain."""
    if intention.places is not None:
        return _farthest(_class_of(code, county_code) for code in intention.places)
    if intention.reach is not None:
        return _OF_REACH[intention.reach]
    return _said(words, county_code)


@lru_cache(4096)
def _said(words: str, county_code: str) -> str | None:
    found = [_part(part, county_code) for part in _PARTS.split(words.strip()) if part]
    return None if None in found else _farthest(found)


def _part(part: str, county_code: str) -> str | None:
    bare = _AROUND.sub("", part)
    known = codes.DESTINATION.find(part) or codes.DESTINATION.find(bare)
    if known is not None:
        return known
    place = divisions.load().resolve(bare)
    if place is not None and not place.text and not place.conflict:
        return _class_of(place.code, county_code)
    return BEYOND if bare in gazetteer.elsewhere().values() else None


def _class_of(code: str, county_code: str) -> str:
    if code == county_code:
        return COUNTY
    return PROVINCE if gazetteer.province_of(code) == gazetteer.province_of(county_code) else BEYOND


def _farthest(classes: Iterable[str | None]) -> str | None:
    return min((one for one in classes if one is not None), default=None)
