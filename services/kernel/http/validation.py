"""What is wrong with an input, in Chinese and without repeating the input."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from pydantic_core import PydanticCustomError

from services.kernel.errors import FieldError, InvalidInput, NotFound, Problem, UnknownCode

_SENTENCES: Final[Mapping[str, str]] = {
    "missing": "必须填写",
    "extra_forbidden": "没有这个字段",
    "json_invalid": "不是有效的 JSON",
    "string_type": "应为文字",
    "string_unicode": "含有无法识别的字符",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字",
    "string_pattern_mismatch": "格式不对",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "数字太大",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "finite_number": "应为有限的数字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "date_type": "应为日期，如 2026-11-01",
    "date_parsing": "应为日期，如 2026-11-01",
    "date_from_datetime_parsing": "应为日期，如 2026-11-01",
    "date_from_datetime_inexact": "应为日期，不带时刻",
    "list_type": "应为列表",
    "too_long": "最多 {max_length} 项",
    "too_short": "至少 {min_length} 项",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "enum": "应为以下之一：{expected}",
    "literal_error": "应为以下之一：{expected}",
    "recursion_loop": "嵌套太深",
}
_FIELD_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z_-]{0,63}")
_LONG_NUMBER: Final = re.compile(r"\d{7,}")
_LONGEST_SHOWN: Final = 40


def shown(text: str) -> str:
    """A short code as it may be repeated to the caller; "…" when it is long, unprintable or could be a person's number."""
    plain = len(text) <= _LONGEST_SHOWN and text.isprintable() and not _LONG_NUMBER.search(text)
    return text if plain else "…"


def unknown_code(text: str, vocabulary: str) -> PydanticCustomError:
    """The error for a validator to raise: `text` is not in `vocabulary` (its Chinese name). Names the code, as the law of
    design decision 10 asks."""
    return PydanticCustomError("unknown_code", "{said}", {"said": f"{vocabulary}里没有“{shown(text)}”"})


def refusal(code: str, detail: str) -> PydanticCustomError:
    """The error for a validator to raise: a stable `code` and a Chinese `detail` that holds none of the input."""
    return PydanticCustomError(code, "{said}", {"said": detail})


def invalid_request(error: RequestValidationError) -> Problem:
    """The problem for what FastAPI refused: an impossible id in the path is a thing not found, the rest 400."""
    return problem_of_errors(error.errors())


def problem_of_errors(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """The problem for pydantic's errors, each a FieldError. UnknownCode when nothing but unknown codes is wrong."""
    if errors and all(error["loc"][:1] == ("path",) for error in errors):
        return NotFound()
    fields = tuple(field_error(error) for error in errors)
    kind = UnknownCode if fields and all(field.code == "unknown_code" for field in fields) else InvalidInput
    return kind("；".join(field.detail for field in fields[:3]) if kind is UnknownCode else "", errors=fields)


class _Bounds(dict[str, Any]):
    """What a sentence may name; pydantic does not tell every bound in every case."""

    def __missing__(self, _name: str) -> str:
        return "…"


def field_error(error: Mapping[str, Any]) -> FieldError:
    """One of pydantic's errors as we tell it."""
    kind, context = error["type"], error.get("ctx") or {}
    if kind == "json_invalid":  # its location is a position in the text, not a field
        return FieldError("", kind, _SENTENCES[kind])
    if set(context) == {"said"}:  # raised by unknown_code or refusal
        return FieldError(pointer(error["loc"]), kind, context["said"])
    sentence = _SENTENCES.get(kind, "不符合要求")
    return FieldError(pointer(error["loc"]), kind, sentence.format_map(_Bounds(context)))


def pointer(location: Sequence[str | int]) -> str:
    """Where: a JSON pointer into the body (`/pay_min`, "" for the whole), or `query:limit`, `path:id`, `header:if-match`.

    A name that the caller made up is shown only when it looks like a field's name."""
    place, *steps = location
    if place == "body":
        return "".join(f"/{_step(step)}" for step in steps)
    return ":".join((str(place), *(_step(step) for step in steps)))


def _step(step: str | int) -> str:
    text = str(step)
    return text if isinstance(step, int) or _FIELD_NAME.fullmatch(text) else "…"
