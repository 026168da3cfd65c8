"""What every request and response model of the API stands on. Requests and responses never share a model."""

import re
from datetime import date
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from services.kernel.http.validation import refusal

_ALLOWED_CONTROLS: Final = frozenset("\n\t\r")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written_as_day(value: Any) -> Any:
    if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise refusal("date_type", "应为日期，如 2026-11-01")


Whole = Annotated[int, Field(strict=True)]
"""A JSON integer; a text of digits is not one."""
Amount = Annotated[float, Field(strict=True)]
"""A JSON number."""
Day = Annotated[date, BeforeValidator(_written_as_day)]
"""A day as YYYY-MM-DD; neither a moment nor a number of seconds."""


def _has_control_character(value: Any) -> bool:
    if isinstance(value, str):
        return any(character < " " and character not in _ALLOWED_CONTROLS for character in value)
    if isinstance(value, list | tuple | set | frozenset):
        return any(map(_has_control_character, value))
    return False


class RequestModel(BaseModel):
    """A body: unknown fields, control characters (PostgreSQL holds no NUL), infinities and NaN are refused; blanks around
    texts are cut."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)

    @field_validator("*", mode="after")
    @classmethod
    def _no_control_characters(cls, value: Any) -> Any:
        if _has_control_character(value):
            raise refusal("control_character", "含有控制字符")
        return value


class ResponseModel(BaseModel):
    """An answer: exactly its fields, whatever it was made from."""

    model_config = ConfigDict(extra="ignore", frozen=True, from_attributes=True)
