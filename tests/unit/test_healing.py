"""Healing: the spellings that sheets really hold, and nothing guessed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.imports import cells, healing

NUMBER = "53990119900517123X"


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        (NUMBER, None),
        ("５３９９０１１９９００５１７１２３Ｘ", "full_width"),
        ("53990119900517123x", "letter_case"),
        (" 539901 19900517 123X ", "blanks_removed"),
        ("'53990119900517123X", "apostrophe_removed"),
        ("539901-19900517-123X", "separators_removed"),
        ("539901\u200b19900517123X", None),
    ],
)
def test_identity_numbers(raw: str, note: str | None) -> None:
    healed = healing.identity_number(raw)
    assert healed.value == NUMBER
    assert healed.notes == ((note,) if note else ())


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("539901199005171234.0", "539901199005171234"),
        ("5.39901199005171234E+17", "539901199005171234"),
        ("5.39901199005E+17", None),
        ("5.39901E17", None),
    ],
)
def test_identity_numbers_that_were_numbers(raw: str, value: str | None) -> None:
    healed = healing.identity_number(raw)
    assert healed.value == value
    assert "number_as_float" in healed.notes


def test_a_number_cell_never_passes_its_lost_tail_for_digits() -> None:
    assert healing.identity_number(cells.text(539901199005171234.0)).value is None


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("13812345678", "13812345678"),
        ("138 1234 5678", "13812345678"),
        ("+86 13812345678", "13812345678"),
        ("8613812345678", "13812345678"),
        ("13812345678.0", "13812345678"),
        ("1.3812345678E10", "13812345678"),
        ("13812345678、13987654321", "13812345678"),
        ("13812345678/13987654321", "13812345678"),
        ("0870-2123456", "08702123456"),
        ("138", "138"),
        ("无", "无"),
        ("", ""),
    ],
)
def test_phones(raw: str, value: str) -> None:
    assert healing.phone(raw).value == value


@pytest.mark.parametrize(
    ("raw", "value", "note"),
    [
        ("余 德 珍", "余德珍", "blanks_removed"),
        ("余　德珍", "余德珍", "blanks_removed"),
        ("余德珍", "余德珍", None),
        ("阿依•古丽", "阿依·古丽", "dot_unified"),
        ("阿依．古丽", "阿依·古丽", "dot_unified"),
        ("John Smith", "John Smith", None),
        ("  ", "", None),
    ],
)
def test_names(raw: str, value: str, note: str | None) -> None:
    healed = healing.name(raw)
    assert healed.value == value
    assert healed.notes == ((note,) if note else ())


@pytest.mark.parametrize(
    "raw",
    [
        "2026-11-01",
        "2026/11/1",
        "2026.11.1",
        "2026年11月1日",
        "2026 年 11 月 1 日",
        "20261101",
        "２０２６－１１－０１",
        "2026-11-01 00:00:00",
        "46327",
        "46327.0",
        "2026、11、1",
        "2026年11月1日止",
    ],
)
def test_dates(raw: str) -> None:
    assert healing.day(raw).value == date(2026, 11, 1)


@pytest.mark.parametrize("raw", ["", "长期", "2026-13-01", "20260230", "2026年", "11-1", "2026-11-01或更早", "1/2/2026"])
def test_what_is_no_single_date_is_not_guessed(raw: str) -> None:
    assert healing.day(raw).value is None


@pytest.mark.parametrize(
    "raw", ["1990.05", "1990年5月", "199005", "1990-05", "1990/5", "1990 年 05 月", "1990.5", "１９９０.５"]
)
def test_months_without_a_day(raw: str) -> None:
    assert healing.month(raw).value == date(1990, 5, 1)


@pytest.mark.parametrize("raw", ["", "1990", "1990-05-06", "19900506", "33000", "1990.13", "19905", "1990年", "0000年5月"])
def test_what_is_no_month_alone(raw: str) -> None:
    assert healing.month(raw).value is None


@given(day=st.dates(date(1955, 1, 1), date(2100, 1, 1)))
def test_every_spelling_of_a_day_means_that_day(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    spellings = [
        f"{day:%Y-%m-%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        str(serial),
    ]
    assert {healing.day(spelling).value for spelling in spellings} == {day}
    assert healing.day(f"{day:%Y-%m-%d}").notes == ()
    assert day - timedelta(days=serial) == date(1899, 12, 30)


@pytest.mark.parametrize(
    ("raw", "value"),
    [("3500", 3500), ("3,500", 3500), ("3500.50", "3500.50"), ("３５００元/月", 3500), ("15人", 15), ("4000元", 4000)],
)
def test_amounts(raw: str, value: int | str) -> None:
    assert healing.amount(raw).value == Decimal(value)


@pytest.mark.parametrize("raw", ["", "四千六", "4500-6000", "面议", "4000以上", "1e5", "NaN"])
def test_what_is_no_plain_number_is_not_guessed(raw: str) -> None:
    assert healing.amount(raw).value is None


@pytest.mark.parametrize(
    ("raw", "answer"), [("是", True), ("否", False), ("√", True), ("TRUE", True), ("0", False), ("", None), ("待定", None)]
)
def test_yes_or_no(raw: str, answer: bool | None) -> None:
    assert healing.yes_no(raw) is answer


@given(raw=st.text(max_size=40))
def test_nothing_that_can_stand_in_a_cell_makes_healing_fail(raw: str) -> None:
    for heal in (healing.name, healing.identity_number, healing.phone, healing.day, healing.amount):
        heal(raw)
    healing.yes_no(raw)
    assert "\0" not in healing.words(raw)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (15.0, "15"),
        (3500.5, "3500.5"),
        (True, "TRUE"),
        ("  字 ", "字"),
        (date(2026, 11, 1), "2026-11-01"),
        (timedelta(hours=8), "8:00:00"),
        (15412345678.0, "15412345678"),
    ],
)
def test_cells_as_people_see_them(cell: cells.Cell, text: str) -> None:
    assert cells.text(cell) == text
