"""Where somebody would go, in the three classes that bureaus count: beyond the province, within it, within the county.

From the places that were stated, else from how the words are read everywhere (kernel/text/facts). Pure.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from services.kernel.text.facts import gazetteer, places
from services.kernel.text.facts.model import Reach
from services.kernel.text.facts.passages import Passage
from services.workers.intentions.intention import Intention

BEYOND: Final = "D1"
PROVINCE: Final = "D2"
COUNTY: Final = "D3"
_OF_REACH: Final = {
    Reach.HOME: COUNTY,
    Reach.COUNTY: COUNTY,
    Reach.PROVINCE: PROVINCE,
    Reach.ANYWHERE: BEYOND,
    Reach.UNKNOWN: None,
}


def destination(intention: Intention, words: str, county_code: str) -> str | None:
    """The farthest class that somebody would go to (code of vocabulary destination); None when nothing tells it."""
    if intention.places is not None:
        return _farthest(_class_of(code, county_code) for code in intention.places)
    if intention.reach is not None:
        return _OF_REACH[Reach(intention.reach)]
    return _said(words, county_code) if words else None


@lru_cache(4096)
def _said(words: str, county_code: str) -> str | None:
    whither = places.whither(Passage("words.intention_places", words), [])
    return _farthest((_OF_REACH[whither.reach], *(_class_of(wish.code, county_code) for wish in whither.wished)))


def _class_of(code: str, county_code: str) -> str:
    if code == county_code:
        return COUNTY
    return PROVINCE if gazetteer.province_of(code) == gazetteer.province_of(county_code) else BEYOND


def _farthest(classes: Iterable[str | None]) -> str | None:
    return min((one for one in classes if one is not None), default=None)
