"""Free text as staff type it, read as concepts: "四十岁以下 有电工证 想去佛山", "不要住家的阿姨", "过完年能走的保安".

Pure: no index, no clock. The readers of kernel/text/facts read people's and employers' words; here they read the question, and
what they find becomes conditions on the fields that the same readers filled. What no reader takes stays words.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from services.kernel.index import AnyOf, Holds
from services.kernel.text.facts import cues
from services.kernel.text.segmenter import Segmenter
from services.matcher.indexer.documents import Collection
from services.matcher.search.asked import Asked
from services.matcher.search.concepts import TEXT_FIELDS, Concept, Ignored, Kind, Rung, Understanding
from services.matcher.search.readers import money, papers, people, places, terms, when, works

MOST_CONCEPTS: Final = 12
_READ: Final = 0.25  # weight of a word that a concept has read already
_LEFT: Final = 1.0
_SHORTEST: Final = 2

# In this order: what reads whole phrases goes before what reads single words of them.
READERS: Final[Sequence[Callable[[Asked], Iterator[Concept]]]] = (
    people.ages,
    terms.living,
    people.standing,
    people.training,
    papers.papers,
    works.experience,
    people.schooling,
    people.mandarin,
    terms.housing,
    terms.companions,
    terms.traits,
    terms.kinds,
    terms.phrases,
    when.start,
    money.pay,
    places.places,
    works.works,
)


def understand(text: str, over: Collection, today: date, segmenter: Segmenter) -> Understanding:
    """What the text says, and which of its words say nothing."""
    asked = Asked(text, over, today)
    ignored = list(people.unlawful(asked))
    concepts: list[Concept] = []
    for reader in READERS:
        concepts += reader(asked)
    concepts = _joined(asked, _distinct(concepts))[:MOST_CONCEPTS]
    tokens: dict[str, float] = {}
    for start, end in _rest(asked):
        words = asked.words(start, end)
        left = _telling(words, segmenter)
        if left:
            tokens |= dict.fromkeys(left, _LEFT)
            concepts.append(_words_in_common(asked, start, end, left, alone=not _is_beside(asked, concepts, start, end)))
        else:
            ignored.append(Ignored(words, "没有检索意义的词"))
    for concept in concepts:
        if not concept.negated:
            for token in _telling(asked.words(concept.start, concept.end), segmenter):
                tokens.setdefault(token, _READ)
    return Understanding(text, over, concepts[:MOST_CONCEPTS], tokens, ignored)


def _distinct(concepts: Sequence[Concept]) -> list[Concept]:
    """Each once: 浦东 said twice is one wish; in the order of the text."""
    best: dict[tuple[Kind, str], Concept] = {}
    for concept in concepts:
        best.setdefault((concept.kind, concept.label), concept)
    return sorted(best.values(), key=lambda concept: (concept.start, concept.end))


def _joined(asked: Asked, concepts: Sequence[Concept]) -> list[Concept]:
    """ "保安或者保洁": either will do."""
    joint = cues.section("search_cues", "words")["joined"]
    kept: list[Concept] = []
    for concept in concepts:
        before = kept[-1] if kept else None
        between = asked.whole.text[before.end : concept.start] if before else ""
        if before and before.kind is concept.kind and before.meets and concept.meets and joint.match(between):
            kept[-1] = replace(
                before,
                end=concept.end,
                label=f"{before.label}或{concept.label}",
                must=None,
                meets=AnyOf([before.meets, concept.meets]),
                rungs=[*before.rungs, *concept.rungs],
            )
        else:
            kept.append(concept)
    return kept


def _rest(asked: Asked) -> Iterator[tuple[int, int]]:
    """The stretches that nobody has read."""
    read = bytearray(len(asked.written))
    for start, end in (*asked.taken, *asked.marked):
        read[start:end] = b"\x01" * (end - start)
    for match in re.finditer(r"[^,;.!?、。()/~:\"'“”《》<>\[\]|]+", asked.whole.text):
        start = match.start()
        for position in range(match.start(), match.end() + 1):
            if position == match.end() or read[position]:
                if asked.whole.text[start:position].strip():
                    yield start, position
                start = position + 1


def _telling(words: str, segmenter: Segmenter) -> list[str]:
    """The tokens of words that say something; single characters and words of asking do not."""
    filler = cues.section("search_cues", "words")["filler"]
    if filler.match(words.strip()):
        return []
    return [token for token in segmenter.query_tokens(words) if len(token) >= _SHORTEST and not filler.match(token)]


def _is_beside(asked: Asked, concepts: Sequence[Concept], start: int, end: int) -> bool:
    """Whether the same clause has been read for something else: then these words only add to it."""
    begin = asked.whole.text.rfind(",", 0, start) + 1
    finish = (asked.whole.text + ",").index(",", end)
    return any(begin <= concept.start < finish for concept in concepts)


def _words_in_common(asked: Asked, start: int, end: int, tokens: list[str], *, alone: bool) -> Concept:
    held = AnyOf([Holds(name, tokens) for name in TEXT_FIELDS[asked.over]])
    label = f"文字里有“{asked.words(start, end).strip()}”"
    return Concept(Kind.TEXT, start, end, label, meets=held if alone else None, rungs=[Rung(held, 2.0 if alone else 1.0)])
