"""What became of a referral: the event by which placements tells the outcome, and by which matching learns how it did.

Awaits its producer, the placements service; readers take the same payload from a file meanwhile.
"""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

REFERRAL_OUTCOME: Final = "cn.yungong.referral.outcome.v1"

Stage = Literal[
    "refused_by_worker",
    "refused_by_employer",
    "not_reached",
    "interviewed",
    "hired",
    "stayed_30_days",
    "stayed_90_days",
    "left_early",
]
Reason = Literal[
    "pay",
    "place",
    "work",
    "hours",
    "lodging",
    "start",
    "certificate",
    "experience",
    "age",
    "health",
    "family",
    "filled",
    "other",
]


class ReferralOutcome(BaseModel):
    """How far a referral has come, at one version: the last one of a referral stands. No words, nobody's name.

    `rank` and the versions tell which list the referral was taken from, if it was taken from one.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    referral_id: str
    version: int = Field(ge=1)
    posting_id: str
    worker_id: str
    stage: Stage
    reason: Reason | None = Field(None, description="why it was refused or ended, as a code")
    at: datetime = Field(description="when it came so far")
    rank: Annotated[int, Field(ge=1)] | None = Field(None, description="place in the list at the time of the referral")
    lexicon_version: str = ""
    weights_version: str = ""
