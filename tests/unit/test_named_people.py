"""Names of others in a worker's words are found; words that only look like names are left alone."""

import pytest

from services.kernel.vault.masking import blot
from services.workers.named_people import people_named


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("和婆娘吕光艳一起", "吕光艳"),
        ("与张顺莲夫妻同去", "张顺莲"),
        ("同村吴桂英", "吴桂英"),
        ("同寨的熊国林", "熊国林"),
        ("媳妇李玉莲一路，分开不去", "李玉莲"),
        ("跟邹定芬走", "邹定芬"),
        ("女的在表里叫张顺莲。", "张顺莲"),
        ("老公李军也去", "李军"),
    ],
)
def test_names_of_companions_are_found(words: str, name: str) -> None:
    assert people_named([words]) == (name,)


@pytest.mark.parametrize(
    "words",
    [
        "老公在东莞",
        "儿子高三",
        "儿子高考完",
        "去苏州和徐州一起",
        "跟老公在一个镇",
        "跟周边老乡一起",
        "表是他老婆代填的",
        "儿子成家了",
        "老乡马上去",
        "男人常年在外",
        "同村三个",
        "和同村两个姐妹一起",
        "姑娘安排好了就走",
        "",
    ],
)
def test_other_words_stay(words: str) -> None:
    assert people_named([words]) == ()


def test_a_name_that_one_sentence_tells_is_blotted_out_of_all() -> None:
    said = ["和赵国学夫妻", "赵国学家的，别墅夫妻工也推得"]
    assert [blot(text, people_named(said)) for text in said] == ["和***夫妻", "***家的，别墅夫妻工也推得"]


@pytest.mark.parametrize("name", ["夏侯蕴珠", "欧阳雪", "上官霁月"])
def test_compound_surnames_are_names_too(name: str) -> None:
    assert people_named([f"和妹妹{name}一起去"]) == (name,)
    assert people_named([f"跟{name}一起"]) == (name,)
