"""`yungong privacy`: papers that the law asks for, filled from this installation."""

from services.cli.privacy.assessment import commands

__all__ = ["commands"]
