"""What the compliance check found about an opening. Pure."""

from collections.abc import Sequence
from typing import Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict

Severity = Literal["blocks", "staff", "advice"]
SEVERITIES: Final = ("blocks", "staff", "advice")


class Finding(BaseModel):
    """One thing about a posting's words. `field` and `span` say where (the text itself), `article` the law, `rewording` how it
    may lawfully be said."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    category: str
    severity: Severity
    field: str = ""
    span: str = ""
    article: str = ""
    reason: str = ""
    rewording: str = ""


class Verdict(BaseModel):
    """All findings of one check. `seen`: whoever hands the opening in may look at what a person must see, and did."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    findings: tuple[Finding, ...] = ()
    seen: bool = False

    @property
    def blocks(self) -> bool:
        """The law clearly forbids something: it is not shown."""
        return self._has("blocks")

    @property
    def needs_staff(self) -> bool:
        """A person must look before it is shown."""
        return not self.seen and self._has("staff")

    def seen_by(self, *, reviewer: bool) -> Self:
        """The same findings, handed in by somebody who may review, or not."""
        return self.model_copy(update={"seen": reviewer})

    def _has(self, severity: Severity) -> bool:
        return any(finding.severity == severity for finding in self.findings)

    @classmethod
    def kept(cls, findings: Sequence[dict[str, Any]]) -> Self:
        """The verdict from its JSON."""
        return cls(findings=tuple(Finding(**finding) for finding in findings))

    def document(self) -> list[dict[str, Any]]:
        """The verdict as JSON."""
        return [finding.model_dump() for finding in self.findings]
