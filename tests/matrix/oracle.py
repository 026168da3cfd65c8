"""What an answer may be, given who asked about whose record."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from tests.matrix.sampling import Operation
from tests.matrix.world import RANDOM_ID, Caller, Record, World

_FLEETING: Final = re.compile(r'"(?:request_id|instance)":\s*"[^"]*"|(?<=[A-Z0-9])[A-Z0-9]{26}')
# A caller is told about itself, whoever it is.
TELLS_WHO: Final = ("/reveal", "/held")
"""Operations whose purpose is to tell identifiers, to who may know them."""
# Asks whether anything is left of an id: of what is out of scope, as of what never was, nothing.
_SAYS_NO: Final = ("/v1/index/erasures/{worker_id}",)
_NAMES_NOBODY: Final = ("/v1/token", "/v1/access/self", "/v1/access/spending")


@dataclass(frozen=True, slots=True)
class Question:
    """One cell of the matrix. `about`: kind of record by path parameter; `ids`: what stands in the path."""

    operation: Operation
    caller: Caller
    kind: str
    about: Sequence[Record]
    ids: dict[str, str] = field(hash=False)

    @property
    def path(self) -> str:
        """The path as it is sent."""
        return self.operation.path.format(**self.ids)

    @property
    def unknown_path(self) -> str:
        """The same path with ids that never were."""
        known = {record.id for record in self.about}
        ids = {name: RANDOM_ID if one in known else one for name, one in self.ids.items()}
        return self.operation.path.format(**ids)

    @property
    def name(self) -> str:
        """As people read it."""
        return f"{self.operation.name} as {self.caller.role} ({self.kind})"

    @property
    def permitted(self) -> bool:
        """Whether the role holds what the operation declares."""
        return self.operation.permission is None or self.operation.permission in self.caller.permissions

    @property
    def reached(self) -> bool:
        """Whether the record named in the path is this caller's to see."""
        return bool(self.about) and all(self.caller.sees(record) for record in self.about)


def faults(asked: Question, answer: httpx.Response, unknown: httpx.Response | None, world: World) -> Iterator[str]:
    """What is wrong with an answer; `unknown` is the answer to the same question about an id that never was."""
    status = answer.status_code
    if status >= 500:
        yield f"{status}"
    if status == 429:
        yield "the matrix asks too fast: more holders are needed"
    if asked.operation.guarded and not asked.caller.permissions and status != 401:
        yield f"{status} to somebody unknown"
    if asked.operation.guarded and asked.caller.permissions and not asked.permitted and status != 403:
        yield f"{status} without the permission {asked.operation.permission}"
    if asked.permitted and asked.about and not asked.reached:
        if answer.is_success and asked.operation.path not in _SAYS_NO:
            yield f"{status} for a record that is out of scope"
        if unknown is not None and _said(answer, asked) != _said(unknown, asked):
            yield f"told apart from an id that never was: {status} {_said(answer, asked)!r} / {_said(unknown, asked)!r}"
    if asked.operation.path not in _NAMES_NOBODY:
        yield from _shown(asked, answer, world.marked())
    if not asked.operation.path.endswith(TELLS_WHO):
        yield from ("tells a name or number in the open" for one in world.identifiers if one in answer.text)


def _shown(asked: Question, answer: httpx.Response, world: Sequence[Record]) -> Iterator[str]:
    """Marks and ids of records that are not the caller's to see."""
    text = answer.text if "json" in answer.headers.get("content-type", "") else ""
    hidden = [record for record in world if not (asked.permitted and asked.caller.sees(record))]
    yield from (f"shows {record.mark}" for record in hidden if record.mark in text)
    asked_about = set(asked.ids.values())
    yield from (f"shows the id of {record.mark}" for record in hidden if record.id in text and record.id not in asked_about)


def _said(answer: httpx.Response, asked: Question) -> tuple[int, Any]:
    """Status and body without what differs from one request to the next."""
    text = _FLEETING.sub("", answer.text)
    for identity in (*(record.id for record in asked.about), RANDOM_ID):
        text = text.replace(identity, "ID")
    return answer.status_code, text
