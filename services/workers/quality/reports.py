"""What is told of the completeness of places, and of those whose profiles lack most."""

from collections.abc import Sequence

from pydantic import Field

from services.kernel.http.models import ResponseModel
from services.workers.quality.schemas import ProfileQuality
from services.workers.schemas import WorkerSummary


class MissingCount(ResponseModel):
    """How many lack a field."""

    field: str
    label: str
    points: int
    workers: int


class QualityOfPlace(ResponseModel):
    """How complete the register of a county or township is."""

    county_code: str
    county_name: str
    township: str | None = Field(description="null where counties are counted")
    workers: int
    score: float = Field(description="points of 100 on average")
    stale: int = Field(description="intentions older than half a year, or never told")
    missing: Sequence[MissingCount] = Field(description="what would help most, first: points times people")


class QualityReport(ResponseModel):
    """Completeness by place, the worst first."""

    items: Sequence[QualityOfPlace]


class QualityOfProfile(ResponseModel):
    """A worker, and what is missing."""

    worker: WorkerSummary
    quality: ProfileQuality
