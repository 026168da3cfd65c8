"""The compliance check of an opening, as the verdict that its life goes by. Pure."""

from collections.abc import Callable
from datetime import date

from services.jobs.compliance.check import check
from services.jobs.opening import Opening
from services.jobs.understanding.notice import Notice
from services.jobs.verdict import Finding, Verdict

Judge = Callable[[Opening, date], Verdict]
"""What is asked before an opening is shown on a day."""


def judged(opening: Opening, day: date) -> Verdict:
    """What the law says about an opening that is to be shown on that day."""
    found = check(Notice.of_opening(opening), day)
    return Verdict(
        findings=tuple(
            Finding(
                category=str(one.category),
                severity=str(one.severity),
                field=one.span.field.replace(".", "/"),
                span=one.span.text,
                article=one.article,
                reason=one.reason,
                rewording=one.rewording,
            )
            for one in found
        )
    )


def unjudged(_opening: Opening, _day: date) -> Verdict:
    """Nothing found: for measuring how collections are ranked, which must rank every opening, whatever it says."""
    return Verdict()
