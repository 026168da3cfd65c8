"""What people see of a person by default, and the blotting of identifiers out of free text.

The masks are those usual on public notices: 张**, 5301**********1234, 138****5678.
"""

import re
from collections.abc import Sequence
from typing import Final

BLOT: Final = "***"
_MASK: Final = "*"
_SHOWN: Final = 4
_SHOWN_PHONE_HEAD: Final = 3
_LEAST_HIDDEN: Final = 4

_DIGIT: Final = "[0-9０-９]"
_CHINESE_DIGIT: Final = "[〇零一二三四五六七八九幺两]"
_GAP: Final = r"[ \-　－—]?"
_IDENTIFIERS: Final = re.compile(
    "|".join(
        (
            # Identity, card, account and mobile numbers: nothing lawful in these texts has eleven digits on end.
            rf"{_DIGIT}{{11,}}[XxＸｘ]?",
            # An identity number in groups.
            rf"{_DIGIT}{{6}}{_GAP}{_DIGIT}{{8}}{_GAP}{_DIGIT}{{3}}[0-9０-９XxＸｘ]",
            rf"(?<!{_DIGIT})[1１]{_DIGIT}{{2}}{_GAP}{_DIGIT}{{4}}{_GAP}{_DIGIT}{{4}}(?!{_DIGIT})",
            rf"(?<!{_DIGIT})(?:{_DIGIT}{{4}}[ \-　－—]){{3,4}}{_DIGIT}{{1,4}}(?!{_DIGIT})",
            # Land lines with their area code.
            rf"(?<!{_DIGIT})[0０]{_DIGIT}{{2,3}}{_GAP}{_DIGIT}{{7,8}}(?!{_DIGIT})",
            rf"{_CHINESE_DIGIT}{{11,}}",
        )
    )
)


def mask_name(name: str) -> str:
    """The first character and two stars, whatever the length: 余德珍 -> 余**. "" stays ""."""
    return name[:1] + _MASK * 2 if name else ""


def mask_identity_number(number: str) -> str:
    """The first and the last four characters: 5301**********1234. What is too short to hide anything is all stars."""
    return _mask_middle(number, _SHOWN, _SHOWN)


def mask_phone(phone: str) -> str:
    """The first three and the last four characters: 138****5678. What is too short to hide anything is all stars."""
    return _mask_middle(phone, _SHOWN_PHONE_HEAD, _SHOWN)


def _mask_middle(text: str, head: int, tail: int) -> str:
    hidden = len(text) - head - tail
    if hidden < _LEAST_HIDDEN:
        return _MASK * len(text)
    return text[:head] + _MASK * hidden + text[-tail:]


def blot(text: str, names: Sequence[str] = ()) -> str:
    """`text` without identity numbers, phone, card and account numbers, and without the full `names`.

    Raises nothing; text that holds none of them comes back as it is.
    """
    if not text:
        return text
    text = _IDENTIFIERS.sub(BLOT, text)
    for name in names:
        if name and name[0] in text:
            text = _spaced(name).sub(BLOT, text)
    return text


def _spaced(name: str) -> re.Pattern[str]:
    characters = [re.escape(character) for character in name if not character.isspace()]
    return re.compile(r"[\s　]*".join(characters))
