"""Names written with other characters of the same sound: 月搜, 保案, 做返. Typed by ear, they sound right and look wrong.

Sounds are Mandarin syllables without tones, with the pairs that Yunnan's Mandarin does not tell apart taken as one
(zh/z, ch/c, sh/s, ing/in, eng/en). Replacements are as long as what they replace, so that spans stay true.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

from services.kernel.text.facts import tables

_HAN: Final = re.compile(r"[\u4e00-\u9fff]+")
_RETROFLEX: Final = {"zh": "z", "ch": "c", "sh": "s"}


@lru_cache(maxsize=20_000)
def _syllable(sign: str) -> str:
    # Half a second and 55 MB that a process which reads nobody's words (a relay) need not spend.
    from pypinyin import Style, pinyin  # noqa: PLC0415

    said = str(pinyin(sign, style=Style.NORMAL, heteronym=False)[0][0])
    said = _RETROFLEX.get(said[:2], said[:2]) + said[2:]
    return said[:-1] if said.endswith(("ing", "eng")) else said


@cache
def _names() -> Mapping[tuple[str, ...], str]:
    return {tuple(map(_syllable, name)): name for name in tables.load("spelling")["sounds"]["words"]}


@cache
def _lengths() -> Sequence[int]:
    return sorted({len(sounds) for sounds in _names()}, reverse=True)


@cache
def _themselves() -> frozenset[str]:
    rule = tables.load("spelling")["sounds"]
    return frozenset(rule["unless"]) | frozenset(rule["words"])


def as_heard(text: str) -> str:
    """The text with the names restored that were written by ear."""
    return _HAN.sub(lambda run: _run_as_heard(run.group()), text)


def _run_as_heard(run: str) -> str:
    sounds = [_syllable(sign) for sign in run]
    heard, position = "", 0
    while position < len(run):
        length, name = _heard(sounds, position)
        written = run[position : position + length]
        heard += name if _misspelt(written, name) else written
        position += length
    return heard


def _misspelt(written: str, name: str) -> bool:
    """Some of the name is right, and it is no word of its own: 大嫂 is not 打扫, 无业 is not 物业."""
    if written == name or written in _themselves():
        return False
    return any(sign == right for sign, right in zip(written, name, strict=False))


def _heard(sounds: Sequence[str], position: int) -> tuple[int, str]:
    """The longest name that is heard at a position with its length; one character and "" for none."""
    for length in _lengths():
        if name := _names().get(tuple(sounds[position : position + length])):
            return length, name
    return 1, ""
