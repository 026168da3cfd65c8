"""Reading one row: healed values by heading, collecting what was mended, what is doubtful and what rejects the row."""

from datetime import date
from decimal import Decimal
from typing import Final

from services.kernel.imports import healing
from services.kernel.imports.headings import HeadingTable, Kind
from services.kernel.imports.outcomes import Command, Finding, Note, Reading, Severity, SheetRow
from services.kernel.vault import masking

WORDS_LIMIT: Final = 4000
"""Characters of one field's words (contracts.events.Words)."""
_SHOWN: Final = 40


def masked(kind: Kind, value: str) -> str:
    """A cell's value as a report may show it: identifiers masked, words cut to 40 characters with identifiers blotted."""
    if kind == "name":
        return masking.mask_name(value)
    if kind == "identity_number":
        return masking.mask_identity_number(value)
    if kind == "phone":
        return masking.mask_phone(value)
    blotted = masking.blot(value)
    return blotted if len(blotted) <= _SHOWN else f"{blotted[:_SHOWN]}…"


class RowReader:
    """One row on its way to a Reading. Blank cells are "" or None and raise nothing."""

    def __init__(self, row: SheetRow, headings: HeadingTable) -> None:
        self.number = row.number
        self._row = row
        self._headings = headings.headings
        self._findings: list[Finding] = []
        self._notes: list[Note] = []

    @property
    def rejected(self) -> bool:
        """Whether something found so far rejects the row."""
        return any(finding.severity == "rejected" for finding in self._findings)

    def reject(self, column: str, code: str, reason: str) -> None:
        """The row cannot be taken because of this cell."""
        self._find("rejected", column, code, reason)

    def warn(self, column: str, code: str, reason: str) -> None:
        """The row is taken, but a person should look at this cell."""
        self._find("warning", column, code, reason)

    def note(self, column: str, *codes: str) -> None:
        """Something was mended."""
        if codes:
            self._notes.extend(Note(column, code) for code in codes)

    def remark(self, column: str, code: str, text: str) -> None:
        """Something the service noticed that needs nobody's attention."""
        self._notes.append(Note(column, code, text))

    def reading(self, command: Command | None, key: str = "") -> Reading[Command]:
        """The row understood; `command` is dropped when a finding rejects the row."""
        return Reading(None if self.rejected else command, key, tuple(self._findings), tuple(self._notes))

    def words(self, column: str) -> str:
        """A person's own words, as written; more than 4,000 characters reject the row (too_long)."""
        raw = self._row.values.get(column, "")
        text = healing.words(raw) if raw else ""
        if len(text) > WORDS_LIMIT:
            self.reject(column, "too_long", f"超过 {WORDS_LIMIT} 字，请缩短")
        return text

    def required(self, column: str, reason: str) -> str:
        """Words that must be there; a blank cell rejects the row (missing)."""
        text = self.words(column)
        if not text:
            self.reject(column, "missing", reason)
        return text

    def name(self, column: str) -> str:
        """A person's name, healed."""
        healed = healing.name(self._row.values.get(column, ""))
        self.note(column, *healed.notes)
        return healed.value

    def identity_number(self, column: str) -> str | None:
        """An identity number, healed, not checked; "" for a blank cell; None rejects the row (digits_lost)."""
        healed = healing.identity_number(self._row.values.get(column, ""))
        if healed.value is None:
            reason = "号码被存成了数字，后几位已经丢失；请把这一列设为文本后重新填写"
            self.reject(column, "digits_lost", reason)
        else:
            self.note(column, *healed.notes)
        return healed.value

    def phone(self, column: str) -> str:
        """A phone number's digits, healed, not checked."""
        healed = healing.phone(self._row.values.get(column, ""))
        self.note(column, *healed.notes)
        return healed.value

    def day(self, column: str, unreadable: Severity) -> date | None:
        """A date; what cannot be read is found with that severity (bad_date)."""
        raw = self._row.values.get(column, "")
        if not raw:
            return None
        healed = healing.day(raw)
        if raw.strip() and healed.value is None:
            self._find(unreadable, column, "bad_date", "不是看得懂的日期，请写成 2026-11-01 的样子")
        self.note(column, *healed.notes)
        return healed.value

    def month(self, column: str) -> date | None:
        """The first day of a month that stands without a day (1990年5月); None for everything else, without a finding."""
        healed = healing.month(self._row.values.get(column, ""))
        self.note(column, *healed.notes)
        return healed.value

    def amount(self, column: str, unreadable: Severity) -> Decimal | None:
        """A number such as 3500 or 3,500元; what cannot be read is found with that severity (bad_number)."""
        raw = self._row.values.get(column, "")
        healed = healing.amount(raw)
        if raw.strip() and healed.value is None:
            self._find(unreadable, column, "bad_number", "不是一个数字")
        self.note(column, *healed.notes)
        return healed.value

    def yes_no(self, column: str) -> bool | None:
        """是 or 否; None when blank or neither (note unclear_yes_no)."""
        raw = self._row.values.get(column, "")
        answer = healing.yes_no(raw)
        if raw.strip() and answer is None:
            self.note(column, "unclear_yes_no")
        return answer

    def _find(self, severity: Severity, column: str, code: str, reason: str) -> None:
        value = masked(self._headings[column].kind, self._row.values.get(column, ""))
        self._findings.append(Finding(severity, column, code, reason, value))
