"""Passages: one field's words, folded character by character so that spans stay true, and cut into clauses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

from services.kernel.text.facts import tables
from services.kernel.text.facts.model import Span
from services.kernel.text.facts.sounds import as_heard

_CLAUSE_END: Final = re.compile(r"[,;:.!?。！？\n~]|(?<=[^\d])[—-]{2}")
_SENTENCE_END: Final = re.compile(r"[;.!?。\n]")
_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLDS: Final = _FULL_WIDTH | {ord(a): b for a, b in zip("　。；、～〜－–—０", " .;、~~---0", strict=True)}


@cache
def _spellings() -> tuple[re.Pattern[str], dict[str, str]]:
    words: dict[str, str] = tables.load("spelling")["words"]
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True))), words


@cache
def _trade_word() -> tuple[re.Pattern[str], str]:
    rule = tables.load("spelling")["place_or_trade"]
    before = "".join(f"(?<!{re.escape(word)})" for word in rule["place_before"])
    after = "|".join(map(re.escape, rule["place_after"]))
    return re.compile(f"{before}{rule['word']}(?!{after})"), rule["trade"]


def fold(text: str) -> str:
    """Full-width forms to ASCII and wrong spellings to right ones; as long as `text`, character for character."""
    pattern, words = _spellings()
    return pattern.sub(lambda match: words[match.group()], text.translate(_FOLDS))


def trades(text: str) -> str:
    """Folded words about work: 宝安 that is not the district is the guard's trade misspelt."""
    pattern, trade = _trade_word()
    return pattern.sub(trade, text)


@dataclass(frozen=True)
class Clause:
    """[start, end) of a passage, with its words."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Passage:
    """One field of an event: its path, its words as written, and as folded."""

    field: str
    written: str
    by_ear: bool = False
    """A short field of names, in which characters of the same sound stand for one another."""

    @cached_property
    def text(self) -> str:
        folded = fold(self.written)
        return as_heard(folded) if self.by_ear else folded

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Cut at commas and stops, not at the list comma 、."""
        return tuple(_cut(self.text, _CLAUSE_END))

    @cached_property
    def sentences(self) -> tuple[Clause, ...]:
        return tuple(_cut(self.text, _SENTENCE_END))

    def clause_at(self, position: int) -> Clause:
        """The clause that holds a character."""
        return next(clause for clause in self.clauses if clause.start <= position < clause.end)

    def sentence_at(self, position: int) -> Clause:
        """The sentence that holds a character."""
        return next(part for part in self.sentences if part.start <= position < part.end)

    def span(self, start: int, end: int) -> Span:
        return Span(field=self.field, start=start, end=end, text=self.written[start:end])

    def search(self, pattern: "re.Pattern[str]") -> Span | None:
        """The first place where a pattern is found in the folded words."""
        match = pattern.search(self.text)
        return self.span(match.start(), match.end()) if match else None


def _cut(text: str, end: "re.Pattern[str]") -> Iterator[Clause]:
    start = 0
    for match in end.finditer(text):
        if _decimal_point(text, match):
            continue
        if text[start : match.start()].strip():
            yield Clause(start, match.end(), text[start : match.start()])
        start = match.end()
    if text[start:].strip():
        yield Clause(start, len(text), text[start:])


def _decimal_point(text: str, match: "re.Match[str]") -> bool:
    return (
        match.group() in ".:,"
        and text[match.start() - 1 : match.start()].isdigit()
        and text[match.end() : match.end() + 1].isdigit()
    )
