"""The history: each change that a client asked for, from the moment it was asked, with what the client knows of its outcome."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import httpx


class Outcome(StrEnum):
    INVOKED = "invoked"  # asked, and not answered yet
    OK = "ok"
    FAILED = "failed"  # the server said that nothing was done
    UNKNOWN = "unknown"  # no answer, or one that says nothing: it may have been done


@dataclass(slots=True)
class Operation:
    """One change. `subject` and `version` are what came of it, when that is known; `gone`: it took the subject away."""

    kind: str
    subject: str | None
    version: int | None = None
    gone: bool = False
    outcome: Outcome = Outcome.INVOKED


class History:
    """All operations of all clients. Each step is also appended to `file` as it happens, so that a failed test leaves it."""

    def __init__(self, file: Path) -> None:
        self.operations: list[Operation] = []
        self._file = file

    async def change(
        self, http: httpx.AsyncClient, kind: str, method: str, path: str, *, subject: str | None = None, **request: Any
    ) -> Operation:
        """Ask for a change and keep what becomes of it. Never raises for the server's or the network's sake."""
        with self._kept(Operation(kind, subject)) as operation:
            try:
                answer = await http.request(method, path, **request)
            except httpx.TransportError:
                operation.outcome = Outcome.UNKNOWN
                return operation
            operation.outcome = _outcome(answer.status_code)
            if operation.outcome is Outcome.OK:
                done = answer.json()
                operation.subject, operation.version = done["id"], done["version"]
                operation.gone = bool(done.get("withdrawn_at"))
        return operation

    def found(self, kind: str, subject: str, version: int) -> None:
        """Keep what a client knows by other ways: a row that an import accepted."""
        with self._kept(Operation(kind, subject, version)) as operation:
            operation.outcome = Outcome.OK

    @contextmanager
    def _kept(self, operation: Operation) -> Iterator[Operation]:
        self.operations.append(operation)
        number = len(self.operations)
        self._write(number, operation)
        try:
            yield operation
        finally:
            self._write(number, operation)

    def _write(self, number: int, operation: Operation) -> None:
        line = {"number": number, "at": datetime.now(UTC).isoformat(), **asdict(operation)}
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome.OK
    return Outcome.FAILED if 400 <= status < 500 else Outcome.UNKNOWN
