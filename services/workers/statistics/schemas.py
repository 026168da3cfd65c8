"""What is told of statistics."""

from collections.abc import Sequence
from datetime import date

from pydantic import Field

from services.kernel.http.models import ResponseModel
from services.workers.statistics.cube import Dimension


class Cell(ResponseModel):
    """How many there are with these values: `key` in the order of `by`, codes; "not_known" where nobody said."""

    key: Sequence[str]
    labels: Sequence[str]
    workers: int


class Statistics(ResponseModel):
    """The register as it stood at the end of a day, counted."""

    as_of: date
    by: Sequence[Dimension]
    headings: Sequence[str]
    total: int
    cells: Sequence[Cell] = Field(description="only those with anybody in them")
