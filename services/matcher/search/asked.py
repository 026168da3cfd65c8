"""A search text while it is read: what readers have taken, and what is left for the others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from services.kernel.text.facts import cues
from services.kernel.text.facts.passages import Passage
from services.kernel.text.facts.refusals import refused
from services.matcher.indexer.documents import Collection

_CLAUSE_BREAK: Final = re.compile(r"[,;.!?。]")


@dataclass
class Asked:
    """The text, folded; blanks part what was typed as commas do. `today` is the day that ages and times count from."""

    written: str
    over: Collection
    today: date
    taken: list[tuple[int, int]] = field(default_factory=list)
    marked: list[tuple[int, int]] = field(default_factory=list)

    @cached_property
    def whole(self) -> Passage:
        """Everything that was typed."""
        return Passage("q", re.sub(r"\s", ",", self.written))

    @property
    def left(self) -> Passage:
        """What nobody has taken, with commas in the place of the rest: positions stay true."""
        text = list(self.whole.written)
        for start, end in self.taken:
            text[start:end] = "," * (end - start)
        return Passage("q", "".join(text))

    def take(self, start: int, end: int) -> None:
        """These characters are read, and mean nothing to the readers that follow."""
        self.taken.append((start, end))

    def mark(self, start: int, end: int) -> None:
        """These characters are read, but may mean something to others too."""
        self.marked.append((start, end))

    def is_marked(self, start: int, end: int) -> bool:
        """Whether a trait was read that holds all of [start, end)."""
        return any(first <= start and end <= last for first, last in self.marked)

    def find(self, cue: str) -> Iterator[tuple[int, int, re.Match[str]]]:
        """Where a pattern of search_cues.toml stands in what is left."""
        for match in cues.section("search_cues", "words")[cue].finditer(self.left.text):
            if match.end() > match.start():
                yield match.start(), match.end(), match

    def is_refused(self, start: int, end: int) -> bool:
        """Whether the words around turn [start, end) round: 不要…, …除外."""
        left = self.left.text
        head, tail = _CLAUSE_BREAK.split(left[:start])[-1], _CLAUSE_BREAK.split(left[end:])[0]
        return refused(head + self.whole.text[start:end] + tail, len(head), len(head) + end - start)

    def with_refusal(self, start: int, end: int) -> tuple[int, int]:
        """The same characters with the words before and after that refuse them."""
        head = cues.section("search_cues", "words")["refusing"].search(self.whole.text[:start])
        tail = cues.section("search_cues", "words")["refusing_after"].match(self.whole.text[end:])
        return (head.start() if head else start), (end + tail.end() if tail else end)

    @property
    def searches_workers(self) -> bool:
        return self.over is Collection.WORKERS

    def words(self, start: int, end: int) -> str:
        """The characters as they were typed."""
        return self.written[start:end]
