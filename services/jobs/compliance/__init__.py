"""What a posting may not say: `check(notice, today)` finds it before publishing. Pure; the rules are tables of this room."""

from services.jobs.compliance.check import blocked, check
from services.jobs.compliance.finding import Category, Finding, Severity

__all__ = ["Category", "Finding", "Severity", "blocked", "check"]
