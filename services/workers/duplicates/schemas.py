"""Requests and responses of /v1/workers/duplicates and /v1/workers/merges."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from services.kernel.http.models import RequestModel, ResponseModel, Whole
from services.kernel.http.validation import refusal
from services.workers.duplicates.repository import Reason
from services.workers.fields import ShortText
from services.workers.schemas import WorkerSummary, WorkerView

Version = Annotated[Whole, Field(ge=1)]


class LikelyDuplicate(ResponseModel):
    """Records that may be one person's, and why."""

    reason: Reason
    because: str = Field(examples=["姓名、出生日期和县都相同"])
    workers: Sequence[WorkerSummary]


class Different(RequestModel):
    """Records that belong to different people: they are not listed together again."""

    worker_ids: Annotated[list[ShortText], Field(min_length=2, max_length=20)]


class NewMerge(RequestModel):
    """Two records of one person, in the versions seen. `kept` stays, with its name and identity number."""

    kept_id: ShortText
    kept_version: Version
    absorbed_id: ShortText
    absorbed_version: Version

    @model_validator(mode="after")
    def _two_records(self) -> Self:
        if self.kept_id == self.absorbed_id:
            raise refusal("same_record", "要合并的是同一条记录")
        return self


class MergeView(ResponseModel):
    """A merge; it can be undone until `undo_until`."""

    id: str
    absorbed_id: str
    merged_at: datetime
    merged_by: str
    undo_until: datetime
    undone_at: datetime | None
    kept: WorkerView
