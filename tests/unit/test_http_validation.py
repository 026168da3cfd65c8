"""What is wrong with an input, told in Chinese and without the input."""

import pytest
from pydantic import ValidationError

from services.kernel.errors import InvalidInput, NotFound, UnknownCode
from services.kernel.http.models import Amount, RequestModel
from services.kernel.http.validation import field_error, pointer, problem_of_errors, refusal, shown, unknown_code


@pytest.mark.parametrize(
    ("location", "told"),
    [
        (("body",), ""),
        (("body", "words", "hours"), "/words/hours"),
        (("body", "items", 3, "title"), "/items/3/title"),
        (("body", "张三丰"), "/…"),
        (("body", "a13800001111"), "/…"),
        (("query", "limit"), "query:limit"),
        (("header", "if-match"), "header:if-match"),
    ],
)
def test_where(location: tuple[str | int, ...], told: str) -> None:
    assert pointer(location) == told


@pytest.mark.parametrize(("text", "told"), [("K77", "K77"), ("9999999", "…"), ("x" * 41, "…"), ("a\nb", "…"), ("\ud800", "…")])
def test_a_code_is_repeated_only_when_it_can_be_nobody_s_number(text: str, told: str) -> None:
    assert shown(text) == told


def test_an_error_of_another_kind_is_still_told() -> None:
    told = field_error({"type": "a_new_kind", "loc": ("body", "x"), "msg": "secret", "input": "secret"})
    assert (told.pointer, told.code, told.detail) == ("/x", "a_new_kind", "不符合要求")
    assert field_error({"type": "greater_than", "loc": ("body", "x")}).detail == "应大于 …"


def _error(kind: str, *location: str) -> dict[str, object]:
    return {"type": kind, "loc": location, "ctx": {"said": "说明"} if kind == "unknown_code" else {}}


def test_only_unknown_codes_are_unknown_codes() -> None:
    unknown = _error("unknown_code", "body", "source")
    assert isinstance(problem_of_errors([unknown]), UnknownCode)
    mixed = problem_of_errors([unknown, _error("missing", "body", "title")])
    assert isinstance(mixed, InvalidInput)
    assert [error.code for error in mixed.errors] == ["unknown_code", "missing"]


def test_an_impossible_id_is_something_not_found() -> None:
    assert isinstance(problem_of_errors([_error("string_pattern_mismatch", "path", "id")]), NotFound)


def test_refusals_carry_their_sentence() -> None:
    assert refusal("odd", "{braces} 没关系").context == {"said": "{braces} 没关系"}
    assert "K77" in (unknown_code("K77", "单位类型").context or {})["said"]


class _Pay(RequestModel):
    amount: Amount
    texts: tuple[str, ...] = ()


@pytest.mark.parametrize(
    "body",
    [
        {"amount": float("nan")},
        {"amount": float("inf")},
        {"amount": "5000"},
        {"amount": True},
        {"amount": 1, "texts": ("a", "b\x00")},
        {"amount": 1, "texts": ("\x7f\x1b",)},
        {"amount": 1, "other": 1},
    ],
)
def test_what_no_body_may_hold(body: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        _Pay.model_validate(body)


def test_blanks_around_texts_are_cut_and_lines_kept() -> None:
    assert _Pay.model_validate({"amount": 1, "texts": (" a\nb ",)}).texts == ("a\nb",)
