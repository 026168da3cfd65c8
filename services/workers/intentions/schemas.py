"""Requests and responses about intentions."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from pydantic import Field

from services.kernel.http.models import Day, RequestModel, ResponseModel
from services.workers.fields import ContactChannel, LongText, ShortText, Willingness
from services.workers.stated_schemas import IntentionFields, IntentionView


class IntentionTexts(RequestModel):
    """The worker's own words about what is wanted. A field left out stays as it was."""

    willingness: LongText = ""
    intention_places: LongText = ""
    intention_occupations: LongText = ""
    intention_pay: LongText = ""
    lodging: LongText = ""
    start: LongText = ""
    companions: LongText = ""
    training_wish: LongText = ""


class NewAsking(RequestModel):
    """That a person was asked what they want. With nothing but a day it confirms what was known.

    A field left out stays as it was; null is "not stated", then the words count; new words make void what was stated about the
    same, unless it is stated here too."""

    asked_on: Day = Field(description="today or before")
    channel: ContactChannel | None = None
    asked_by: ShortText = Field("", description='id of a cadre; "" for the caller')
    willingness: Willingness | None = None
    stated: IntentionFields | None = None
    words: IntentionTexts | None = None


class IntentionVersion(ResponseModel):
    """What somebody wanted, from the version in which it was first told or confirmed so."""

    version: int
    asked_on: date | None
    asked_by: str
    channel: str | None
    recorded_at: datetime
    recorded_by: str
    willingness: str | None
    stated: IntentionView
    words: dict[str, str]


class IntentionHistory(ResponseModel):
    """How an intention came to be what it is, the newest first."""

    age_days: int | None = Field(description="days since it was last told or confirmed; null: never known")
    destination: str | None = Field(description="D1 beyond the province, D2 within it, D3 within the county; null: not certain")
    understood: dict[str, Any] = Field(
        description="what the present words are read as, each with the words it rests on: to be looked at, and corrected by "
        "stating it in structure"
    )
    items: Sequence[IntentionVersion]
