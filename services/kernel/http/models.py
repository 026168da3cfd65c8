"""What every request and response model of the API stands on. Requests and responses never share a model."""

from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

from services.kernel.http.validation import refusal

_ALLOWED_CONTROLS = frozenset("\n\t\r")


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
