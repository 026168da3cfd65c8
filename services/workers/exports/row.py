"""A worker's record as a row of the register, in the headings of the import: exported and imported again it changes nothing."""

from collections.abc import Mapping, Sequence
from typing import Final

from services.contracts.vocabulary import codes, divisions
from services.workers.profile import TIDIED, Profile, Worker
from services.workers.register import HEADINGS
from services.workers.sheet import COLUMNS

ROW: Final = tuple(name for name in HEADINGS.headings if name not in ("省", "户籍地址"))
"""The headings, in the order of the import's table. The county stands in its own column, so the address is not needed."""

_SEXES: Final = {"male": "男", "female": "女"}
_YES_NO: Final = {True: "是", False: "否", None: ""}
_LABELS: Final = {
    "ethnicity": codes.ETHNICITY,
    "household_category": codes.HOUSEHOLD_STATUS,
    "education": codes.EDUCATION,
    "mandarin": codes.MANDARIN,
    "employment_status": codes.EMPLOYMENT_STATUS,
    "willingness": codes.WILLINGNESS,
}


def cells(worker: Worker) -> Sequence[str]:
    """The row of a record, in the order of ROW; what nobody said is blank."""
    profile = worker.profile
    told = {**_words(profile), **_identity(profile), **_residence(profile)}
    return [told.get(heading, "") for heading in ROW]


def _identity(profile: Profile) -> Mapping[str, str]:
    facts, asked = profile.identity, profile.intention_confirmed_on
    return {
        "序号": profile.number,
        "姓名": profile.name,
        "性别": _SEXES[facts.sex],
        "出生日期": facts.birth_date.isoformat(),
        "身份证号": profile.identity_number,
        "联系电话": profile.phone,
        "摸底日期": asked.isoformat() if asked else "",
    }


def _residence(profile: Profile) -> Mapping[str, str]:
    """The county in its own words, else by its full name; the city likewise."""
    place = divisions.load().place(profile.county_code)
    return {
        "州市": profile.words.city or _name(place.city_code if place else None),
        "县": profile.words.county or _name(profile.county_code),
        "乡镇": profile.township,
    }


def _name(code: str | None) -> str:
    division = divisions.load().get(code) if code is not None else None
    return division.name if division is not None else code or ""


def _words(profile: Profile) -> Mapping[str, str]:
    """Each field as it was said, else as its code is called."""
    return {column: getattr(profile.words, word) or _label(profile, word) for word, column in COLUMNS.items()}


def _label(profile: Profile, word: str) -> str:
    tidied = TIDIED.get(word)
    if tidied is None:
        return ""
    value = getattr(profile, tidied)
    if tidied == "relocated":
        return _YES_NO[value]
    return _LABELS[tidied].label(value) if value is not None else ""
