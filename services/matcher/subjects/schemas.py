"""What is told of one person's documents."""

from typing import Any

from services.kernel.http.models import ResponseModel


class IndexedSubject(ResponseModel):
    """The document of a person in clear: the event it was made from (`profile`), and what was read from the words (`facts`)."""

    worker_id: str
    version: int
    document: dict[str, Any]


class ErasedFromIndex(ResponseModel):
    """Whether the ledger knows of the erasure, and which generations still hold the person. `complete`: it does, and none."""

    ledger: bool
    generations: dict[str, bool]
    complete: bool
