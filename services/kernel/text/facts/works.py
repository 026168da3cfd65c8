"""Kinds of work in words: longest name first, deeds by pattern, words with two meanings by their company."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.kernel.text.facts import work_lexicon
from services.kernel.text.facts.passages import Clause, Passage, trades
from services.kernel.text.facts.work_lexicon import Means

_ENUMERATES: Final = "、/或"


@dataclass(frozen=True)
class Mention:
    """Work named at [start, end) of a passage. `setting`: the words only say where it was done."""

    start: int
    end: int
    text: str
    means: Means
    clause: Clause
    setting: bool = False

    @property
    def within(self) -> tuple[int, int]:
        """[start, end) counted from the clause's beginning."""
        return self.start - self.clause.start, self.end - self.clause.start


def mentions(passage: Passage, record: str) -> list[Mention]:
    """The work named in a passage, in order, without overlaps; `record`: all words of the person or posting, folded."""
    text = trades(passage.text)
    found = [*_named(passage, text, record), *_deeds(passage, text)]
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda m: (m.start - m.end, m.start)):
        if all(mention.end <= other.start or mention.start >= other.end for other in kept):
            kept.append(mention)
    told = {_place(mention) for mention in kept if mention.means and not mention.setting}
    return [
        mention
        for mention in sorted(kept, key=lambda m: m.start)
        if mention.means and not (mention.setting and _place(mention) in told)
    ]


def _place(mention: Mention) -> tuple[int, str]:
    """The item of an enumeration that a mention stands in."""
    return mention.clause.start, _item(mention.clause, mention.within[0])


def _named(passage: Passage, text: str, record: str) -> Iterator[Mention]:
    names = work_lexicon.load().names
    position = 0
    while position < len(text):
        name = next((name for name in names.get(text[position], ()) if text.startswith(name, position)), None)
        if name is None:
            position += 1
            continue
        yield _mention(passage, position, name, record)
        position += len(name)


def _mention(passage: Passage, start: int, name: str, record: str) -> Mention:
    clause = passage.clause_at(start)
    means = _meaning(name, start, passage, record)
    end = start + len(name)
    return Mention(start, end, passage.text[start:end], means, clause, name in work_lexicon.load().settings)


def _meaning(name: str, start: int, passage: Passage, record: str) -> Means:
    """The first case that fits the word's own item of a list, its clause, its sentence, the record; near cases: the item."""
    cases = work_lexicon.load().cases[name]
    clause = passage.clause_at(start)
    around = (_item(clause, start - clause.start), clause.text, passage.sentence_at(start).text, record)
    for step, words in enumerate(around):
        for case in cases:
            if not (step and case.near) and case.fits(words):
                return case.means
    return next((case.means for case in cases if case.when is None), {})


def _item(clause: Clause, position: int) -> str:
    """The item of an enumeration that holds a character."""
    start = max(clause.text.rfind(sign, 0, position) for sign in _ENUMERATES) + 1
    ends = [end for sign in _ENUMERATES if (end := clause.text.find(sign, position)) >= 0]
    return clause.text[start : min(ends, default=len(clause.text))]


def _deeds(passage: Passage, text: str) -> Iterator[Mention]:
    for pattern, means in work_lexicon.load().deeds:
        for match in pattern.finditer(text):
            start, end = match.span()
            yield Mention(start, end, passage.text[start:end], means, passage.clause_at(start))
