"""The words that segmentation knows: user dictionary, synonyms, stop words, spellings. Data under kernel/text/data."""

import csv
import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final, Self

from services.kernel.text.normalise import normalise

SEGMENTATION_REVISION: Final = 1
"""Raised when normalise.py or segmenter.py give other tokens for the same data: the index must then be rebuilt."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the segmenter is told.

    `words`: user dictionary, word -> frequency. `canonical`: term -> the heads of its synonym groups (two when it is ambiguous;
    a head does not name itself). `levels`: the same for levels of certificates. `spellings`: wrong or dialect -> usual.
    `version` changes with every byte of the data and with the code's revision; it is kept with each index generation.
    """

    version: str
    words: Mapping[str, int]
    canonical: Mapping[str, tuple[str, ...]]
    levels: Mapping[str, tuple[str, ...]]
    stop_words: frozenset[str]
    spellings: Mapping[str, str]

    @classmethod
    def load(cls) -> Self:
        """The lexicon of this version of the code, read from its data files."""
        return cls(
            version=_version(),
            words=dict(_user_words()),
            canonical=_heads("synonyms.txt"),
            levels=_heads("synonyms_levels.txt"),
            stop_words=frozenset(_lines("stopwords.txt")),
            spellings=tomllib.loads(_data("spelling.toml").read_text("utf-8"))["words"],
        )


def _data(name: str = "") -> Traversable:
    return files("services.kernel.text").joinpath("data", *filter(None, [name]))


def _lines(name: str) -> Iterator[str]:
    for line in _data(name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def _user_words() -> Iterator[tuple[str, int]]:
    for line in _lines("userdict.txt"):
        word, frequency, _ = line.rsplit(" ", 2)
        yield normalise(word), int(frequency)


def _heads(name: str) -> dict[str, tuple[str, ...]]:
    groups = ([normalise(term) for term in line.split(",")] for line in _lines(name))
    return _by_term(groups)


def _by_term(groups: Iterable[list[str]]) -> dict[str, tuple[str, ...]]:
    heads: dict[str, tuple[str, ...]] = {}
    for head, *terms in groups:
        for term in (head, *terms):
            heads[term] = (*heads.get(term, ()), head)
    return {term: found for term, found in heads.items() if found != (term,)}


def ambiguous_terms() -> Mapping[str, tuple[str, ...]]:
    """The terms that the domain reference declares to stand in two groups, with the groups' heads."""
    rows = csv.DictReader(_data("synonyms_ambiguous.csv").read_text("utf-8").splitlines())
    return {normalise(row["term"]): tuple(normalise(head) for head in row["group_heads"].split("|")) for row in rows}


@cache
def _version() -> str:
    digest = hashlib.sha256(f"segmentation {SEGMENTATION_REVISION}".encode())
    for file in sorted(_data().iterdir(), key=lambda entry: entry.name):
        if file.is_file():
            digest.update(f"\n{file.name}\n".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
