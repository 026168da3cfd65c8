"""Words from text: jieba's cut_for_search with our user dictionary, and one name for things that go by several.

The same on both sides of a search: documents are indexed with these tokens and queried with them, by any index backend.
The cutting is done by rjieba, jieba in Rust: the same tokens (tests/unit/test_segmenter.py compares) in a fraction of the time.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache, partial
from typing import Final

import rjieba

from services.kernel.text.lexicon import Lexicon
from services.kernel.text.normalise import normalise

_CHUNK: Final = 2_000
_LONGEST_TOKEN: Final = 64
_REMEMBERED: Final = 50_000
_PUNCTUATION: Final = re.compile(r"[^\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]")  # jieba never joins words across these
_NUMBER: Final = re.compile(r"[\d.,%+\-]+")
# rjieba leaves 2027-04-15 and CET-6 in one piece; jieba cuts such a run again, unless its dictionary knows it.
_JOINED: Final = re.compile(r"[a-zA-Z0-9]*[+#&._%\-][a-zA-Z0-9+#&._%\-]*")
_RUN_PART: Final = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")
_GRAMS: Final = (2, 3)


class Scope(Enum):
    """What kind of text is cut. In certificates, levels have synonyms too: 初级 is 五级, which elsewhere it is not."""

    WORDS = "words"
    CERTIFICATES = "certificates"


class Segmenter:
    """Cuts text into search tokens. Safe for use by several threads at once. Loading takes a fraction of a second."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._dictionary = rjieba.Jieba()
        for word, frequency in lexicon.words.items():
            self._dictionary.add_word(word, frequency, "")
        self._spelling = re.compile("|".join(sorted(map(re.escape, lexicon.spellings), key=len, reverse=True)) or r"(?!)")
        heads = {Scope.WORDS: lexicon.canonical, Scope.CERTIFICATES: {**lexicon.canonical, **lexicon.levels}}
        # People use few words, many times: what each stands for is worked out once.
        self._standing_for = {scope: lru_cache(_REMEMBERED)(partial(self._tokens, heads[scope])) for scope in Scope}

    def document_tokens(self, text: str, scope: Scope = Scope.WORDS) -> list[str]:
        """The tokens to index, repeated as often as they occur; a synonym is followed by the head of its group."""
        standing_for = self._standing_for[scope]
        spelled = self._spelling.sub(lambda match: self.lexicon.spellings[match.group()], normalise(text))
        return [token for chunk in _chunks(spelled) for word in self._cut(chunk) for token in standing_for(word)]

    def query_tokens(self, text: str, scope: Scope = Scope.WORDS) -> list[str]:
        """The tokens to look for: those of `document_tokens`, each once, in order of first occurrence."""
        return list(dict.fromkeys(self.document_tokens(text, scope)))

    def _tokens(self, heads: Mapping[str, tuple[str, ...]], word: str) -> tuple[str, ...]:
        if word in self.lexicon.stop_words or not _says_something(word):
            return ()
        token = word[:_LONGEST_TOKEN]
        return (token, *(head for head in heads.get(token, ()) if head != token))

    def _cut(self, text: str) -> Sequence[str]:
        """jieba's cut_for_search: each word, after the shorter words of two and three characters within it."""
        if not _JOINED.search(text):
            words: list[str] = self._dictionary.cut_for_search(text)
            return words
        return [word for part in self._parts(text) for word in (*self._within(part), part)]

    def _parts(self, text: str) -> Iterator[str]:
        for word in self._dictionary.cut(text):
            if len(word) > 1 and _JOINED.fullmatch(word) and not self._dictionary.has_word(word):
                yield from filter(None, _RUN_PART.split(word))
            else:
                yield word

    def _within(self, word: str) -> Iterator[str]:
        for length in _GRAMS:
            if len(word) > length:
                grams = (word[start : start + length] for start in range(len(word) - length + 1))
                yield from filter(self._dictionary.has_word, grams)


def _says_something(word: str) -> bool:
    """Neither punctuation nor a bare number: pay, ages and days are facts to compare, as words they match by chance."""
    return any(map(str.isalnum, word)) and not _NUMBER.fullmatch(word)


def _chunks(text: str) -> Iterator[str]:
    """Pieces of bounded length, cut where jieba would cut anyway if there is such a place."""
    start = 0
    while len(text) - start > _CHUNK:
        end = start + _CHUNK
        for match in _PUNCTUATION.finditer(text, start + _CHUNK // 2, end):
            end = match.end()
        yield text[start:end]
        start = end
    yield text[start:]
