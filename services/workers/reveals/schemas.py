"""Requests and responses of reveals."""

from typing import Annotated, Literal

from pydantic import Field

from services.contracts.purposes import Purpose
from services.kernel.http.models import RequestModel, ResponseModel

Revealed = Literal["name", "identity_number", "phone"]
StaffPurpose = Literal[
    Purpose.CONTACT_WORKER,
    Purpose.VERIFY_IDENTITY,
    Purpose.DISPATCH,
    Purpose.INSURANCE,
    Purpose.RIGHTS_PROTECTION,
    Purpose.SUBJECT_REQUEST,
]


class RevealRequest(RequestModel):
    """What is to be shown in clear, and for which purpose (contracts/purposes.py)."""

    fields: Annotated[frozenset[Revealed], Field(min_length=1)]
    purpose: StaffPurpose


class RevealedFields(ResponseModel):
    """The values asked for; null for what was not asked for, "" for what is not known. Not to be kept."""

    name: str | None = None
    identity_number: str | None = None
    phone: str | None = None


class RevealedContact(ResponseModel):
    """What an employer gets with the person's separate consent: whom to ask for, and where to call."""

    name: str
    phone: str
