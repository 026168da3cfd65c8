"""What is told to a person about the own data."""

from typing import Any

from services.kernel.http.models import ResponseModel


class HeldAboutSubject(ResponseModel):
    """Everything in clear: `record` and how it stood before, declarations, who may see the person, rows of every other room
    (follow-ups, training …) by table, and who looked at or changed the record."""

    worker_id: str
    record: dict[str, Any]
    versions: list[dict[str, Any]]
    consents: list[dict[str, Any]]
    visibility: dict[str, Any]
    household: dict[str, Any] | None
    others: dict[str, list[dict[str, Any]]]
    looked_at: list[dict[str, Any]]
