"""Own words -> codes of the vocabularies. What is not in a vocabulary is no code; the words stay."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from services.contracts.vocabulary import codes, divisions
from services.kernel.imports import healing
from services.workers.identity_number import Sex

VOCABULARIES: Final[Mapping[str, codes.Vocabulary]] = {
    "ethnicity": codes.ETHNICITY,
    "household": codes.HOUSEHOLD_STATUS,
    "education": codes.EDUCATION,
    "mandarin": codes.MANDARIN,
    "employment_status": codes.EMPLOYMENT_STATUS,
    "willingness": codes.WILLINGNESS,
}
"""Field of OwnWords -> its vocabulary."""

_SEXES: Final[Mapping[str, Sex]] = {"男": "male", "男性": "male", "女": "female", "女性": "female"}
_CACHED: Final = 4096


@lru_cache(_CACHED)
def code_of(word: str, text: str) -> str | None:
    """The code that the words of one field stand for."""
    return VOCABULARIES[word].find(text) if text else None


@lru_cache(_CACHED)
def residence(province: str, city: str, county: str) -> divisions.Place | None:
    """The place that a register's cells name; None when it names none that is known."""
    known = divisions.load()
    place = known.resolve(province, city, county)
    if place is not None and county and place.county_code is None and not place.text:
        # 大理, 红河, 楚雄, 文山 in the county's cell: the county of that name, not the prefecture around it.
        return known.resolve(province, county, county)
    return place


def sex_of(text: str) -> Sex | None:
    """男 or 女 as code; None when it says neither."""
    return _SEXES.get(text.strip())


def relocated_of(text: str) -> bool | None:
    """Whether the household was relocated (易地搬迁)."""
    return healing.yes_no(text)
