"""What becomes of a row: the language in which a service's register and the import speak with each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, Literal, Protocol, TypeVar, runtime_checkable

from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.http.auth import Scope
from services.kernel.imports.headings import HeadingTable

Command = TypeVar("Command")

Severity = Literal["rejected", "warning"]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of data. `values`: canonical heading -> text, "" for a blank or missing cell; `formulas`: headings whose cell was
    a formula (their value is ""); `number`: the row's number as the sheet shows it, from 1."""

    number: int
    values: Mapping[str, str]
    formulas: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one cell that the clerk should know. `value` is masked already; `reason` is Chinese, `code` stable."""

    severity: Severity
    column: str
    code: str
    reason: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something mended that needs nobody's attention; `code` is one of healing.NOTES, or a service's own with `text`."""

    column: str
    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reading(Generic[Command]):
    """A row understood: the command it asks for, or None when a finding rejects it.

    `key` names the aggregate the row is about: a second row of the same key in one file is rejected.
    """

    command: Command | None
    key: str = ""
    findings: Sequence[Finding] = ()
    notes: Sequence[Note] = ()


class Effect(StrEnum):
    """What a command did."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class Policy(StrEnum):
    """What a row does to a record that says something else already. A blank cell never takes anything away."""

    NEWER_WINS = "newer_wins"
    """What the sheet says is taken."""
    FILL_EMPTY = "fill_empty"
    """Only what the record does not say yet is taken."""
    ASK = "ask"
    """The same, and each difference waits for somebody to decide."""


Decision = Literal["taken", "kept", "open"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that says something else than the record holds. `held` and `offered` as a person reads them, in clear.

    `offer` is what the register needs to take the cell later, as JSON; it means nothing to anybody else.
    """

    column: str
    held: str = field(repr=False)
    offered: str = field(repr=False)
    offer: Mapping[str, Any] = field(repr=False)
    decision: Decision


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one command: its effect, or None with a finding that rejects the row after all.

    `subject` is the record it is about, `differences` where the row and the record disagreed.
    """

    effect: Effect | None
    findings: Sequence[Finding] = ()
    subject: str = ""
    differences: Sequence[Difference] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """How a file is to be imported. `dry_run`: tell what would happen, change nothing. `synonyms`: the sheet's own heading ->
    ours, from a template."""

    dry_run: bool = False
    policy: Policy = Policy.NEWER_WINS
    synonyms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from: kept with what they bring about. `scope` is that of who imports: rows outside it are rejected."""

    import_id: str
    source: str
    scope: Scope
    policy: Policy = Policy.NEWER_WINS


@dataclass(frozen=True, slots=True)
class Taken:
    """A difference that somebody decided for the sheet: `offer` as the register gave it."""

    subject: str
    column: str
    offer: Mapping[str, Any] = field(repr=False)


class Register(Protocol[Command]):
    """What a service supplies for importing: its headings, what a row means, how commands are carried out.

    `read` is pure but for the clock's today and may run in a thread. `write` runs in the batch's transaction, does all rows at
    once, and gives one Written per command in their order; the same commands again change nothing (effect UNCHANGED).
    """

    headings: HeadingTable
    key_column: str
    """The heading that a duplicate is reported under."""

    def read(self, row: SheetRow) -> Reading[Command]: ...

    async def write(self, connection: AsyncConnection, commands: Sequence[Command], origin: Origin) -> Sequence[Written]: ...


@runtime_checkable
class Settles(Protocol):
    """A register that may leave differences open (Policy.ASK): `settle` carries out those that were decided for the sheet."""

    async def settle(self, connection: AsyncConnection, taken: Sequence[Taken], origin: Origin) -> None: ...
