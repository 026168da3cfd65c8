"""Requests of /v1/workers/exports."""

from typing import Literal

from pydantic import Field

from services.contracts.purposes import Purpose
from services.kernel.http.models import RequestModel
from services.workers.fields import CountyCode

Format = Literal["xlsx", "csv"]


class ExportRequest(RequestModel):
    """Which records to take out, and for what: identifiers stand in the file in clear, the purpose is kept with each."""

    purpose: Purpose
    format: Format = "xlsx"
    county_code: CountyCode | None = Field(None, description="only who lives there")
