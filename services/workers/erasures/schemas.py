"""Requests and responses about erasures."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.kernel.http.models import RequestModel, ResponseModel

ErasureReason = Literal["subject_request", "purpose_fulfilled", "consent_withdrawn", "retention_over", "unlawful"]
"""The grounds of PIPL 47(1)."""


class ErasureRequest(RequestModel):
    """Why a person is erased."""

    reason: ErasureReason = "subject_request"


class ErasureView(ResponseModel):
    """The ledger's entry: no more is known of the person. `version` is that of the tombstone on the stream."""

    blind: str
    version: int
    reason: str
    erased_at: datetime


class ErasureProof(ResponseModel):
    """What is left of an erased person in the workers database: rows by table. `complete`: nothing, and the stream knows."""

    erasure: ErasureView
    rows: dict[str, int]
    told: bool = Field(description="the relay has published the tombstone")
    complete: bool
