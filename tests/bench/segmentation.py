"""Cutting text into tokens, beside jieba itself."""

import logging
import tempfile
from collections.abc import AsyncIterator, Sequence

import jieba

from services.contracts.events import WorkerChanged
from services.kernel.text.lexicon import Lexicon
from services.kernel.text.normalise import normalise
from services.kernel.text.segmenter import Segmenter
from tests.bench.measuring import ROUNDS, Row, in_turns, timed
from tests.bench.people import workers

PEOPLE = 1_500


async def rows() -> AsyncIterator[Row]:
    """Speed, and whether the tokens are the same."""
    segmenter = Segmenter(Lexicon.load())
    said = [WorkerChanged.model_validate_json(record.value or b"").words for record in workers(PEOPLE)]
    texts = [normalise(text) for words in said for text in words.model_dump().values() if text]
    with tempfile.TemporaryDirectory() as cache:
        original = _jieba(segmenter.lexicon, cache)
        cut = segmenter._cut
        same = sum(list(cut(text)) == list(original.cut_for_search(text)) for text in texts)
        ours, theirs = await in_turns(
            lambda: timed(lambda: [list(cut(text)) for text in texts]),
            lambda: timed(lambda: [list(original.cut_for_search(text)) for text in texts]),
        )
        share = same / len(texts)
        yield Row(
            "segmentation, texts a second",
            f"{len(texts) / ours:,.0f}",
            f"jieba {len(texts) / theirs:,.0f}",
            theirs / ours,
            "≥ 6, tokens 100 % the same",
            theirs / ours >= 6 and share == 1,
        )
        yield Row("tokens the same as jieba's", f"{same:,}", f"{len(texts):,}", share, "1", share == 1)
        documents = [[text for text in words.model_dump().values() if text] for words in said]
        whole = min(timed(lambda: _segmented(segmenter, documents)) for _ in range(ROUNDS)) / len(documents)
        yield Row("segmentation of a document, with synonyms", f"{whole * 1e6:.0f} µs", "", None, "< 50 µs", whole < 50e-6)


def _segmented(segmenter: Segmenter, documents: Sequence[Sequence[str]]) -> int:
    return sum(len(segmenter.document_tokens(text)) for texts in documents for text in texts)


def _jieba(lexicon: Lexicon, cache: str) -> jieba.Tokenizer:
    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = cache
    for word, frequency in lexicon.words.items():
        tokenizer.add_word(word, frequency)
    return tokenizer
