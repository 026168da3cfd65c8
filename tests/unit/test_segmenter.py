"""Segmentation: the words that matching needs are found whole, and two names for one thing meet."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import Final

import jieba
import pytest
import rjieba

from services.kernel.text.normalise import normalise
from services.kernel.text.segmenter import Scope, Segmenter

DATA: Final = Path(__file__).parents[1] / "data"

STORY = "在上海浦东做过五年住家育儿嫂，会做辅食，考过母婴护理员，想找月嫂或者带宝宝的活。"


@pytest.mark.parametrize("word", ["育儿嫂", "月嫂", "保洁", "消防中控员", "养老护理员", "水电工"])
def test_words_of_the_trade_are_found_inside_longer_ones(segmenter: Segmenter, word: str) -> None:
    assert word in segmenter.document_tokens(f"做过住家{word}三年")


def test_two_names_for_one_work_share_a_token(segmenter: Segmenter) -> None:
    assert "月嫂" in segmenter.document_tokens("母婴护理员")
    assert "月嫂" in segmenter.query_tokens("月子阿姨")


def test_an_ambiguous_term_is_led_to_both_heads(segmenter: Segmenter) -> None:
    assert {"保姆", "住家保姆", "阿姨"} <= set(segmenter.document_tokens("保姆"))


def test_misspelt_words_are_put_right(segmenter: Segmenter) -> None:
    assert "月嫂" in segmenter.document_tokens("月搜")


def test_levels_are_synonyms_in_certificates_only(segmenter: Segmenter) -> None:
    assert "初级" in segmenter.document_tokens("育婴员五级", Scope.CERTIFICATES)
    assert "初级" not in segmenter.document_tokens("育婴员五级")


def test_full_width_case_punctuation_numbers_and_stop_words_do_not_matter(segmenter: Segmenter) -> None:
    assert segmenter.document_tokens("ＬＯＧＯ　有的，8000！\x00\ud800") == ["logo"]
    assert segmenter.document_tokens("驾驶证Ｃ１") == segmenter.document_tokens("驾驶证c1")


@pytest.mark.parametrize("text", ["", " \n", "，。！", "\u3000", "8000-9000"])
def test_what_says_nothing_has_no_tokens(segmenter: Segmenter, text: str) -> None:
    assert segmenter.document_tokens(text) == []


def test_no_token_holds_white_space_or_is_endless(segmenter: Segmenter) -> None:
    tokens = segmenter.document_tokens("a" * 500 + " 月\u2028嫂\u00a0保 洁\u3000b\x1cc\x85d")
    assert tokens
    assert all(token.split() == [token] and len(token) <= 64 for token in tokens)


def test_queries_hold_each_token_once(segmenter: Segmenter) -> None:
    text = "月嫂月嫂，月嫂和保洁"
    assert segmenter.query_tokens(text) == list(dict.fromkeys(segmenter.document_tokens(text)))
    assert segmenter.document_tokens(text).count("月嫂") == 3


def test_a_long_text_gives_the_tokens_of_its_sentences(segmenter: Segmenter) -> None:
    once = segmenter.document_tokens(STORY)
    assert segmenter.document_tokens(STORY * 500) == once * 500


def test_threads_get_the_same_tokens(segmenter: Segmenter) -> None:
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(segmenter.document_tokens, [STORY] * 40))
    assert all(result == results[0] for result in results)


@pytest.fixture(scope="module")
def original(segmenter: Segmenter, tmp_path_factory: pytest.TempPathFactory) -> jieba.Tokenizer:
    """jieba itself, with our user dictionary."""
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(tmp_path_factory.mktemp("jieba"))
    for word, frequency in segmenter.lexicon.words.items():
        tokenizer.add_word(word, frequency)
    return tokenizer


def written() -> list[str]:
    """What people wrote: the judged collection's texts, and lines of the tables, full of ASCII runs."""
    collection = (DATA / "judged_collection").glob("*.jsonl")
    records = [json.loads(line) for file in collection for line in file.read_text("utf-8").splitlines()]
    said = [text for record in records for text in record.values() if isinstance(text, str)]
    tables = [line for file in Path(str(files("services"))).rglob("*.csv") for line in file.read_text("utf-8").splitlines()]
    return said + tables


def invented(count: int) -> list[str]:
    """Characters thrown together."""
    dice = random.Random(20_261_124)  # noqa: S311 - no secret
    characters = [*set("".join(written())), *"aTC019+#&._%- \n" * 20]
    return ["".join(dice.choices(characters, k=dice.randint(1, 40))) for _ in range(count)]


def test_the_words_are_jiebas(segmenter: Segmenter, original: jieba.Tokenizer) -> None:
    texts = [normalise(text) for text in (*written(), *invented(5_000))]
    assert len(texts) > 8_000
    different = [text for text in texts if list(segmenter._cut(text)) != list(original.cut_for_search(text))]
    assert different == []


def test_our_words_are_our_own(segmenter: Segmenter) -> None:
    assert "住家育儿嫂" in segmenter.document_tokens("住家育儿嫂")
    assert "住家育儿嫂" not in rjieba.cut("住家育儿嫂")
