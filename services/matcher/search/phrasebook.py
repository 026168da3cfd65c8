"""The words that can be offered while somebody types, and how what is typed finds them: letters, pinyin, initials, near misses.

Only right names are offered; wrong and dated ones (月搜), other names (保按) and slips of a letter find them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from pypinyin import Style, lazy_pinyin
from rapidfuzz import fuzz

from services.contracts.vocabulary import divisions, occupations
from services.kernel.text.facts import marks, tables
from services.kernel.text.facts.passages import fold
from services.kernel.text.facts.work_lexicon import labels
from services.matcher.indexer.documents import Collection
from services.matcher.search.concepts import Kind

_NEAR: Final = 80.0
_EXTRA: Final[Mapping[Collection, tuple[str, ...]]] = {
    Collection.WORKERS: (
        "住家",
        "不住家",
        "不上夜班",
        "夫妻",
        "随时上岗",
        "过完年能走",
        "愿意培训",
        "脱贫户",
        "监测户",
        "有证",
        "健康证",
        "离家近",
    ),
    Collection.POSTINGS: (
        "包住",
        "包吃住",
        "不住家",
        "不上夜班",
        "夫妻房",
        "不要证",
        "没经验也可以",
        "学历不限",
        "日结",
        "家门口",
    ),
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A name that may be offered, with what it is found by."""

    text: str
    kind: Kind
    aliases: tuple[str, ...]
    pinyin: tuple[str, ...]
    initials: tuple[str, ...]


def find(typed: str, over: Collection, most: int) -> list[Phrase]:
    """The likeliest phrases first: what begins so, what holds it, what sounds so, what nearly does."""
    said = fold(typed.strip()).lower()
    if not said:
        return []
    ranked = [(rank, place, phrase) for place, phrase in enumerate(_phrases(over)) if (rank := _rank(said, phrase)) is not None]
    return [phrase for _, _, phrase in sorted(ranked, key=lambda one: one[:2])[:most]]


def _rank(said: str, phrase: Phrase) -> float | None:
    """How far what was typed is from a phrase; None for too far."""
    names = (phrase.text, *phrase.aliases)
    if said.isascii():
        return _by_sound(said.replace("'", ""), phrase)
    if phrase.text.startswith(said):
        return 0.0
    if any(name.startswith(said) for name in names):
        return 1.0
    if len(said) > 1 and any(said in name for name in names):
        return 2.0
    sound = "".join(lazy_pinyin(said))
    if len(said) > 1 and any(full.startswith(sound) for full in phrase.pinyin):
        return 3.0
    nearest = max(fuzz.ratio(sound, full[: len(sound)]) for full in phrase.pinyin) if len(said) > 1 else 0.0
    return 5.0 - nearest / 100 if nearest >= _NEAR else None


def _by_sound(said: str, phrase: Phrase) -> float | None:
    if any(first.startswith(said) for first in phrase.initials):
        return 0.5
    if any(full.startswith(said) for full in phrase.pinyin):
        return 1.0
    if len(said) < 4:  # noqa: PLR2004 - shorter, everything is near everything
        return None
    nearest = max(fuzz.ratio(said, full[: len(said)]) for full in phrase.pinyin)
    return 5.0 - nearest / 100 if nearest >= _NEAR else None


@cache
def _phrases(over: Collection) -> tuple[Phrase, ...]:
    found: dict[str, Phrase] = {}
    for text, kind, aliases in _names(over):
        if text not in found and len(text) > 1:
            sounds = [text, *aliases]
            full = tuple(dict.fromkeys("".join(lazy_pinyin(name)).lower() for name in sounds))
            first = tuple(dict.fromkeys("".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower() for name in sounds))
            found[text] = Phrase(text, kind, aliases, full, first)
    return tuple(found.values())


def _names(over: Collection) -> Iterator[tuple[str, Kind, tuple[str, ...]]]:
    known = occupations.load()
    for work, label in labels().items():
        yield label, Kind.WORK, known[work].synonyms if work in known else ()
    for name in _EXTRA[over]:
        yield name, Kind.TRAIT, ()
    for row in tables.load("certificate_words")["certificate"]:
        yield row["name"], Kind.CERTIFICATE, (_short(row["name"]),)
    for mark in tables.load("marks")["worker"]:
        yield marks.label(mark), Kind.TRAIT, ()
    for name, codes in divisions.load().spoken_names().items():
        division = divisions.load().get(codes[0])
        if division is not None and division.name.startswith(name) and name != division.name:
            yield name, Kind.PLACE, (division.name,)


def _short(name: str) -> str:
    return name.removesuffix("职业技能等级证书").removesuffix("证书").removesuffix("证") + "证"
