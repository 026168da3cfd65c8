"""What an aggregate says about a rule that is broken."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that is broken: the field (as a pointer without its first slash), a stable code, a Chinese sentence free of
    personal values."""

    field: str
    code: str
    detail: str
