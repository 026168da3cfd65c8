"""Masks and blots: what is left of an identifier is too little to use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.vault.masking import blot, mask_identity_number, mask_name, mask_phone


@pytest.mark.parametrize(("name", "mask"), [("余德珍", "余**"), ("王强", "王**"), ("阿依·古丽", "阿**"), ("", "")])
def test_names(name: str, mask: str) -> None:
    assert mask_name(name) == mask


@pytest.mark.parametrize(
    ("number", "mask"),
    [("530121199001011234", "5301**********1234"), ("53012119900101", "5301******0101"), ("5301211", "*******"), ("", "")],
)
def test_identity_numbers(number: str, mask: str) -> None:
    assert mask_identity_number(number) == mask


@pytest.mark.parametrize(("phone", "mask"), [("13812345678", "138****5678"), ("138", "***"), ("", "")])
def test_phones(phone: str, mask: str) -> None:
    assert mask_phone(phone) == mask


@given(number=st.text("0123456789X", min_size=9, max_size=20))
def test_a_mask_keeps_the_length_and_hides_at_least_four(number: str) -> None:
    mask = mask_identity_number(number)
    assert len(mask) == len(number)
    assert mask.count("*") >= 4


@pytest.mark.parametrize(
    "identifier",
    [
        "13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "１３８１２３４５６７８",
        "530121199001011234",
        "53012119900101123x",
        "530121 19900101 1234",
        "一三八一二三四五六七八",
        "6222021234567890123",
        "6222 0212 3456 7890 123",
        "0871-63123456",
    ],
)
def test_identifiers_are_blotted_out_of_words(identifier: str) -> None:
    blotted = blot(f"电话{identifier}，晚上打")
    assert blotted == "电话***，晚上打"


@pytest.mark.parametrize(
    "words",
    [
        "4500-6000元，上海浦东",
        "13000-17000",
        "2025年11月1日至2026年3月31日",
        "20250101-20251231",
        "一天十八间，二三十人",
        "26天/单，每天15元，做五休二",
        "C1、CNC，一米七六",
    ],
)
def test_other_figures_stay(words: str) -> None:
    assert blot(words) == words


def test_own_names_are_blotted_even_when_spaced() -> None:
    assert blot("我叫余 德珍，余德珍的弟弟也去", ["余德珍"]) == "我叫***，***的弟弟也去"
    assert blot("无", ["", "余德珍"]) == "无"


@given(words=st.text(max_size=60), name=st.text("余德珍张王李", min_size=2, max_size=4))
def test_a_name_never_survives(words: str, name: str) -> None:
    assert name not in blot(f"{words}{name}{words}", [name])
