"""The check before publishing: everything that a notice says wrongly, one finding per category."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from services.jobs.compliance import hours, people, wages, wording
from services.jobs.compliance.finding import Category, Finding, Severity
from services.jobs.compliance.setting import Setting
from services.jobs.understanding.notice import Notice

_WORST: Final = {Severity.BLOCKS: 0, Severity.STAFF: 1, Severity.ADVICE: 2}


def check(notice: Notice, today: date) -> tuple[Finding, ...]:
    """What stands in the way of publishing `notice` on `today` (for the minimum wage in force), the worst first.

    One finding per category: the worst place is its `span`, the further places are in `also`. Pure.
    """
    setting = Setting(notice)
    found = [
        *wording.findings(setting),
        *people.age_wishes(setting),
        *people.minors(setting),
        *people.unlicensed(setting),
        *hours.findings(setting),
        *wages.findings(setting, today),
    ]
    return tuple(sorted(_by_category(found), key=lambda finding: _WORST[finding.severity]))


def blocked(findings: Iterable[Finding]) -> bool:
    """Whether any finding forbids publishing."""
    return any(finding.severity is Severity.BLOCKS for finding in findings)


def _by_category(found: Iterable[Finding]) -> Iterator[Finding]:
    together: dict[Category, list[Finding]] = {}
    for finding in found:
        together.setdefault(finding.category, []).append(finding)
    for same in together.values():
        worst = min(same, key=lambda finding: _WORST[finding.severity])
        places = dict.fromkeys(finding.span for finding in same if finding.span != worst.span)
        yield replace(worst, also=tuple(places))
