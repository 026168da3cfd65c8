"""Words from text: jieba's cut_for_search with our user dictionary, and one name for things that go by several.

The same on both sides of a search: documents are indexed with these tokens and queried with them, by any index backend.
"""

import logging
import os
import re
import warnings
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Final

from services.kernel.text.lexicon import Lexicon
from services.kernel.text.normalise import normalise

with warnings.catch_warnings():
    # jieba 0.42.1 imports pkg_resources and holds invalid escapes, which newer Pythons deprecate; nothing newer exists.
    warnings.simplefilter("ignore")
    import jieba

_CHUNK: Final = 2_000
_LONGEST_TOKEN: Final = 64
_PUNCTUATION: Final = re.compile(r"[^\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]")  # jieba never joins words across these
_NUMBER: Final = re.compile(r"[\d.,%+\-]+")


class Scope(Enum):
    """What kind of text is cut. In certificates, levels have synonyms too: 初级 is 五级, which elsewhere it is not."""

    WORDS = "words"
    CERTIFICATES = "certificates"


class Segmenter:
    """Cuts text into search tokens. Safe for use by several threads at once.

    Loading takes about a second and 60 MB, and leaves jieba's dictionary in `cache_dir`, which becomes readable by its owner
    only: jieba would load (unmarshal) from a shared place whatever another user left there. Raises PermissionError when the
    directory belongs to another user.
    """

    def __init__(self, lexicon: Lexicon, cache_dir: Path) -> None:
        self.lexicon = lexicon
        self._tokenizer = _tokenizer(lexicon, cache_dir)
        self._spelling = re.compile("|".join(sorted(map(re.escape, lexicon.spellings), key=len, reverse=True)) or r"(?!)")
        self._heads: Mapping[Scope, Mapping[str, tuple[str, ...]]] = {
            Scope.WORDS: lexicon.canonical,
            Scope.CERTIFICATES: {**lexicon.canonical, **lexicon.levels},
        }

    def document_tokens(self, text: str, scope: Scope = Scope.WORDS) -> list[str]:
        """The tokens to index, repeated as often as they occur; a synonym is followed by the head of its group."""
        heads = self._heads[scope]
        tokens: list[str] = []
        for word in self._words(text):
            tokens.append(word)
            tokens.extend(head for head in heads.get(word, ()) if head != word)
        return tokens

    def query_tokens(self, text: str, scope: Scope = Scope.WORDS) -> list[str]:
        """The tokens to look for: those of `document_tokens`, each once, in order of first occurrence."""
        return list(dict.fromkeys(self.document_tokens(text, scope)))

    def _words(self, text: str) -> Iterator[str]:
        spelled = self._spelling.sub(lambda match: self.lexicon.spellings[match.group()], normalise(text))
        for chunk in _chunks(spelled):
            for word in self._tokenizer.cut_for_search(chunk):
                if _says_something(word) and word not in self.lexicon.stop_words:
                    yield word[:_LONGEST_TOKEN]


def _tokenizer(lexicon: Lexicon, cache_dir: Path) -> Any:
    _make_private(cache_dir)
    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(cache_dir)
    tokenizer.initialize()
    for word, frequency in lexicon.words.items():
        tokenizer.add_word(word, frequency)
    return tokenizer


def _make_private(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    if hasattr(os, "geteuid") and directory.stat().st_uid != os.geteuid():
        raise PermissionError(f"{directory} belongs to another user: a dictionary found there is not to be trusted")
    if directory.stat().st_mode & 0o077:
        for found in directory.glob("*.cache"):  # anybody may have put it there while the door was open
            found.unlink()
        directory.chmod(0o700)


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
