"""What is told of a record's versions."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import Field

from services.kernel.http.models import ResponseModel
from services.workers.profile import State


class VersionSummary(ResponseModel):
    """One version: who made it, when, and the names of what it changed (never values)."""

    version: int
    changed_at: datetime
    changed_by: str = Field(description="the public part of a credential")
    state: State
    fields: Sequence[str] = Field(examples=[["phone", "words.experience", "stated.certificates"]])


class VersionList(ResponseModel):
    """All versions, the newest first."""

    items: Sequence[VersionSummary]
