"""统一社会信用代码: 18 characters, the last one checks the others (GB 32100-2015, 4.6)."""

import re
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SHAPE: Final = re.compile(rf"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}")
_WEIGHTS: Final = tuple(3**place % 31 for place in range(17))


def tidied(text: str) -> str:
    """The code in the standard's spelling: full-width forms and blanks gone, upper case."""
    return re.sub(r"[\s-]", "", text.translate(str.maketrans("０１２３４５６７８９", "0123456789"))).upper()


def check_character(first: str) -> str:
    """The 18th character for the first 17. Raises ValueError for a character outside the standard's alphabet."""
    total = sum(_ALPHABET.index(character) * weight for character, weight in zip(first, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def valid(code: str) -> bool:
    """Whether a tidied code has the standard's shape and its check character is right."""
    return _SHAPE.fullmatch(code) is not None and check_character(code[:-1]) == code[-1]
