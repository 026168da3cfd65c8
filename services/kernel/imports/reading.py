"""The parent's side of the reader process: a file's bytes in, its sheet and rows out."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import orjson
import structlog

import services
from services.kernel.imports.refusal import CODES, FileRefused

_LINE_LIMIT: Final = 256 * 1024 * 1024
_PACKAGE_ROOT: Final = Path(services.__file__).parent.parent

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet that was chosen: where its headings stand and what else the file holds. `columns`: heading -> column from 0;
    `cells`: the heading row's own words; `expected`: about how many rows of data there are, None when nobody knows."""

    name: str
    heading_row: int
    columns: Mapping[str, int]
    cells: Sequence[str]
    unknown: Sequence[str] = ()
    repeated: Sequence[str] = ()
    other_sheets: Sequence[str] = ()
    expected: int | None = None

    def document(self) -> dict[str, Any]:
        """The sheet as JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it stands: its number in the sheet from 1, its cells as text, columns (from 0) that are formulas."""

    number: int
    cells: Sequence[str]
    formulas: frozenset[int] = frozenset()


@dataclass(slots=True)
class Source:
    """A sheet and its rows, in batches, from wherever they come."""

    sheet: Sheet
    batches: AsyncIterator[Sequence[RawRow]] = field(repr=False)


@asynccontextmanager
async def open_file(content: bytes, headings: Path, synonyms: Mapping[str, str]) -> AsyncIterator[Source]:
    """Read a file in the reader process; leaving the context ends the process. `synonyms`: a template's own headings.

    Entering and iterating raise FileRefused, with the reason for the clerk.
    """
    async with _Reader(content, headings, synonyms) as reader:
        first = await reader.line()
        yield Source(Sheet(**first["sheet"]), reader.batches())


class _Reader:
    """The process while it runs."""

    def __init__(self, content: bytes, headings: Path, synonyms: Mapping[str, str]) -> None:
        self._content = content
        self._headings = headings
        self._synonyms = synonyms

    async def __aenter__(self) -> Self:
        environment = {**os.environ, "PYTHONPATH": str(_PACKAGE_ROOT), "RUST_BACKTRACE": "0"}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "services.kernel.imports.reader",
            str(self._headings),
            orjson.dumps(dict(self._synonyms)).decode(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_LINE_LIMIT,
            env=environment,
        )
        self._feeding = asyncio.create_task(self._feed())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process.returncode is None:
            self._process.kill()
        self._feeding.cancel()
        await asyncio.gather(self._feeding, return_exceptions=True)
        await self._process.wait()

    async def _feed(self) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it was asked for as a pipe
        try:
            self._process.stdin.write(self._content)
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            _log.info("the reader process ended before it had read the file")
        self._process.stdin.close()

    async def line(self) -> dict[str, Any]:
        """The next line. Raises FileRefused when the reader refuses the file or died over it."""
        assert self._process.stdout is not None  # noqa: S101 - it was asked for as a pipe
        text = await self._process.stdout.readline()
        if not text.endswith(b"\n"):
            raise _death(await self._process.wait())
        line: dict[str, Any] = orjson.loads(text)
        if refused := line.get("refused"):
            code = next(code for code in CODES if code == refused["code"])
            raise FileRefused(code, refused["detail"])
        return line

    async def batches(self) -> AsyncIterator[Sequence[RawRow]]:
        """The rows, until the reader says that this was the end."""
        while "end" not in (line := await self.line()):
            yield [RawRow(number, cells, frozenset(formulas)) for number, cells, formulas in line["rows"]]


def _death(code: int) -> FileRefused:
    """Why a reader died: out of memory (it aborts, or is killed), out of time, or over a file it could not make sense of."""
    _log.warning("the reader process died", exit_code=code)
    if code in (-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV):
        return FileRefused("sheet_too_large")
    if code == -signal.SIGXCPU:
        return FileRefused("reading_too_slow")
    return FileRefused("file_damaged")
