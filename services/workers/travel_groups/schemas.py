"""Requests and responses of /v1/travel-groups."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from services.kernel.http.models import RequestModel, ResponseModel
from services.workers.schemas import WorkerSummary
from services.workers.travel_groups.group import LEAST, MOST

WorkerIds = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=64)], ...], Field(min_length=LEAST, max_length=MOST)]


class GroupFields(RequestModel):
    """Who wants to go together. `must`: they will not go apart."""

    kind: Literal["couple", "kin", "villagers"]
    must: bool = Field(False, strict=True)
    worker_ids: WorkerIds


class GroupView(ResponseModel):
    """A group, with those of its members whom the caller serves."""

    id: str
    kind: str
    must: bool
    size: int
    members: Sequence[WorkerSummary]
