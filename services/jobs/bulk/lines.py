"""The lines of a bulk request and of its answer."""

from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal

import orjson
from pydantic import Field, ValidationError, field_validator

from services.contracts.vocabulary import codes
from services.jobs.posting import Status
from services.jobs.schemas import NewPosting, Reference, ShortText
from services.jobs.terms import Code, one_of
from services.kernel.errors import FieldError, InvalidInput, Problem, TooLarge
from services.kernel.http.models import RequestModel, ResponseModel
from services.kernel.http.validation import problem_of_errors, refusal

MOST_LINES: Final = 10_000
LONGEST_LINE: Final = 32 * 1024

Outcome = Literal["created", "changed", "unchanged", "closed", "refused"]


class OfferedLine(NewPosting):
    """A posting as it is to be: the whole of it, what is left out takes its default. Known by its reference."""

    external_reference: Reference
    state: Literal["open", "paused"] = "open"

    @field_validator("employer_id", "employer_name", mode="after")
    @classmethod
    def _named_once(cls, value: str | None) -> str | None:
        if value is not None:
            raise refusal("not_allowed", "单位按凭证认定，不用填写")
        return value


class ClosingLine(RequestModel):
    """A posting that is to be closed for good."""

    external_reference: Reference
    state: Literal["closed"]
    reason_code: Annotated[Code, one_of(codes.CLOSING_REASONS, "关闭原因")] = "other"
    reason: ShortText = ""


Line = OfferedLine | ClosingLine


class FaultView(ResponseModel):
    """What is wrong with one field of a line."""

    pointer: str
    code: str
    detail: str


class Fault(ResponseModel):
    """Why a line was refused: status and code as the single routes have them."""

    status: int
    code: str
    detail: str
    errors: tuple[FaultView, ...] = ()

    @classmethod
    def of(cls, problem: Problem) -> "Fault":
        """The problem in short."""
        errors = tuple(FaultView(pointer=one.pointer, code=one.code, detail=one.detail) for one in problem.errors)
        return cls(status=problem.status, code=problem.code, detail=problem.detail or problem.title, errors=errors)


class LineResult(ResponseModel):
    """What became of a line; `status` and `reason_code` are the posting's."""

    line: int = Field(description="from 1, blank lines counted")
    external_reference: str | None
    outcome: Outcome
    id: str | None = None
    version: int | None = None
    status: Status | None = None
    reason_code: str = ""
    problem: Fault | None = None


class BulkEnd(ResponseModel):
    """The last line of an answer. Without it, or with `stopped`, the lines that have no result were not taken: send again."""

    end: Literal[True] = True
    lines: int
    outcomes: dict[Outcome, int]
    stopped: Fault | None = None


def numbered(body: bytes) -> list[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers. Raises TooLarge (too_many_lines)."""
    lines = [(number, line) for number, line in enumerate(body.split(b"\n"), start=1) if line.strip()]
    if len(lines) > MOST_LINES:
        raise TooLarge(f"一次最多 {MOST_LINES} 行", code="too_many_lines")
    return lines


def read(line: bytes) -> Line:
    """The line understood. Raises Problem."""
    if len(line) > LONGEST_LINE:
        raise TooLarge(f"一行最多 {LONGEST_LINE // 1024} KiB", code="line_too_long")
    try:
        told: Any = orjson.loads(line)
    except orjson.JSONDecodeError as malformed:
        error = FieldError("", "json_invalid", "不是有效的 JSON")
        raise InvalidInput(error.detail, errors=[error]) from malformed
    model: type[Line] = ClosingLine if isinstance(told, dict) and told.get("state") == "closed" else OfferedLine
    try:
        return model.model_validate(told)
    except ValidationError as wrong:
        raise problem_of_errors([{**error, "loc": ("body", *error["loc"])} for error in wrong.errors()]) from None


def reference_of(line: bytes) -> str | None:
    """The reference that a refused line names, if it can be read."""
    try:
        told = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    reference = told.get("external_reference") if isinstance(told, dict) else None
    return reference[:128] if isinstance(reference, str) else None


def batches(lines: list[tuple[int, bytes]], size: int) -> Iterator[list[tuple[int, bytes]]]:
    """The lines in portions."""
    for start in range(0, len(lines), size):
        yield lines[start : start + size]
