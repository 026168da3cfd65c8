"""When a fact that was read is the fact that was judged: numbers and codes exactly, lists by element, free text by overlap.

Both sides are brought to one spelling first (names of places, certificates and schooling by the vocabularies), and what says
as much as silence (男女不限, no experience needed) is left out on both.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from services.contracts.vocabulary import codes, divisions
from services.kernel.text.facts import certificates
from services.kernel.text.facts.passages import Passage

LISTS: Final = frozenset({"certificates_must", "certificates_nice", "conflicts"})
FREE_TEXT: Final = frozenset({"insurance", "language_must", "start_text"})
ENOUGH: Final = 0.5
"""The share of the shorter text's tokens that the other must have."""

_PLACES: Final = frozenset({"place_province", "place_city", "place_district"})
_BOOLEANS: Final = frozenset({"live_in", "couples_welcome", "fee_or_deposit", "experience_must", "experience_nice"})
_SILENT: Final[Mapping[str, frozenset[str]]] = {
    "sex_wish": frozenset({"any", "none", "either", "both", "不限", "男女不限"}),
    "experience_must": frozenset({"false"}),
    "experience_nice": frozenset({"false"}),
    "education_min": frozenset({"none", "不限", "any"}),
}
# Other words for the same code.
_SAME: Final[Mapping[str, str]] = {
    "one_day_off": "six_on_one_off",
    "one_day_a_week": "six_on_one_off",
    "five_on_two_off": "two_days_off",
    "男": "male",
    "女": "female",
    "男性": "male",
    "女性": "female",
    "mandarin": "普通话",
    "putonghua": "普通话",
    "cantonese": "粤语",
    "english": "英语",
    "白话": "粤语",
    "广东话": "粤语",
    "labour_contract": "劳动合同",
    "labor_contract": "劳动合同",
    "part_time": "非全日制",
    "dispatch": "劳务派遣",
    "labour_dispatch": "劳务派遣",
    "派遣": "劳务派遣",
    "public_welfare": "公益性岗位",
    "public_welfare_post": "公益性岗位",
    "公益岗": "公益性岗位",
    "work_relief": "以工代赈",
    "service_agreement": "劳务协议",
    "outsourcing": "外包",
}
_CONFLICTS: Final[Mapping[str, str]] = {
    "pay": r"pay|工资|月薪|薪|报酬",
    "headcount": r"headcount|人数|名额",
    "age": r"age(?!n)|年龄|岁",
    "education": r"education|学历|文化",
    "lodging": r"lodging|住宿|包住|宿舍|食宿",
    "board": r"board|包吃|餐|伙食",
    "live_in": r"live_in|住家",
    "order": r"order|单|天制",
    "hours": r"hours|rest|shift|工时|小时|休",
}
_NOTHING: Final = re.compile(r"^(?:不|无|没|免)|不收|没有|none|无需")
_TIME: Final = re.compile(r"(\d{1,2})[::](\d{2})")


def values(key: str, value: object) -> frozenset[str]:
    """A judged or read value in one spelling: one element, or those of a list; empty for what says nothing."""
    several = value if isinstance(value, list | tuple | set) else [value]
    spelled = {said for one in several for said in _spelled(key, one)}
    return frozenset(spelled - _SILENT.get(key, frozenset()))


def same(key: str, one: str, other: str) -> bool:
    """Whether two values in one spelling are the same for this key."""
    if one == other:
        return True
    if key in FREE_TEXT:
        return overlap(one, other) >= ENOUGH
    if key in _PLACES:
        return bool(_places(one) & _places(other))
    return False


def overlap(one: str, other: str) -> float:
    """The share of the tokens of the shorter text that stand in the other; tokens are Chinese characters and other words."""
    first, second = (set(re.findall(r"[一-鿿]|[a-z0-9]+", text.lower())) for text in (one, other))
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def _spelled(key: str, value: object) -> list[str]:
    if value is None or value == "":
        return []
    if key in _BOOLEANS:
        return [_yes_or_no(value)]
    text = str(value).strip()
    if key in {"certificates_must", "certificates_nice"}:
        return [named.name for named in certificates.named(Passage("", text))] or [text]
    if key == "conflicts":
        return [name for name, words in _CONFLICTS.items() if re.search(words, text)][:1] or [text]
    if key == "education_min":
        code = codes.EDUCATION.find(text)
        return [codes.EDUCATION.entries[code].name if code else text]
    return [_code(text)]


def _code(text: str) -> str:
    if re.fullmatch(r"-?\d+(?:\.\d+)?", text):
        return f"{float(text):g}"
    if time := _TIME.fullmatch(text):
        return f"{int(time.group(1)):02d}:{time.group(2)}"
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
        year, month, day = map(int, text.split("-"))
        return date(year, month, day).isoformat() if 1 <= month <= 12 and 1 <= day <= 28 else text  # noqa: PLR2004
    return _SAME.get(text.lower(), text)


def _yes_or_no(value: object) -> str:
    """A condition told in words counts as held, unless the words deny it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value).strip().lower()
    if text in {"either", "optional", "both"}:
        return "either"
    return "false" if text in {"false", "否", "no", "0"} or _NOTHING.search(text) else "true"


def _places(name: str) -> frozenset[str]:
    """The codes that a place's name may stand for; its bare name where the table has none."""
    codes_of = divisions.load().spoken_names().get(name)
    return frozenset(codes_of or {re.sub(r"(?:街道|省|市|区|县|镇|乡|自治州|州)$", "", name)})
