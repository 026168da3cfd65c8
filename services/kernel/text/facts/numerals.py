"""Numbers as people write them: 6500, 6k, 六千五, 1.2万, 四千多, 三五千, 十来个."""

import re
from typing import Final

_DIGITS: Final = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "俩": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_UNITS: Final = {"十": 10, "百": 100, "千": 1000, "万": 10000}
CHINESE: Final = "零〇一二两俩三四五六七八九十百千万"
NUMBER: Final = rf"(?:\d+(?:\.\d+)?|[半{CHINESE}]+)"


def chinese(text: str) -> float | None:
    """The value of a Chinese numeral; a last digit without a unit counts in tenths of the unit before (六千五 = 6500)."""
    if not text or any(sign not in _DIGITS and sign not in _UNITS for sign in text):
        return None
    total, section, digit, unit = 0.0, 0.0, None, 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
            unit = 0 if sign in "零〇" else unit
        elif sign == "万":
            total, section, digit, unit = (total + section + (digit or 0) or 1) * 10000, 0.0, None, 10000
        else:
            section += (1 if digit is None else digit) * _UNITS[sign]
            digit, unit = None, _UNITS[sign]
    rest = digit or 0
    return total + section + (rest * unit / 10 if unit >= 100 else rest)  # noqa: PLR2004 - 十五 is fifteen, 百五 150


def number(text: str) -> float | None:
    """The value of a number in digits or Chinese numerals; 半 is a half. None for what is no number."""
    if text == "半":
        return 0.5
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return float(text)
    return chinese(text)


def rough(text: str) -> float | None:
    """As `number`, and neighbours read as their middle: 八九 = 8.5, 三五 = 4."""
    if len(text) == 2 and all(sign in _DIGITS for sign in text):  # noqa: PLR2004 - a pair of digits
        return (_DIGITS[text[0]] + _DIGITS[text[1]]) / 2
    return number(text)
