"""What every route of this service asks of a request: its caller, its version, its key, and the service's resources."""

from typing import Annotated, Any, Final

from fastapi import Depends, Request

from services.contracts.permissions import Permission
from services.kernel.http.auth import Principal, require
from services.kernel.http.idempotency import Call, idempotent_call
from services.kernel.http.preconditions import expected_version
from services.kernel.text_sheets import XLSX
from services.workers.resources import WorkersService

Reader = Annotated[Principal, Depends(require(Permission.WORKERS_READ))]
Exporter = Annotated[Principal, Depends(require(Permission.WORKERS_EXPORT))]
Writer = Annotated[Principal, Depends(require(Permission.WORKERS_WRITE))]
Retryable = Annotated[Call | None, Depends(idempotent_call)]
Expected = Annotated[int, Depends(expected_version)]


SHEET: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}}
"""What a route that answers with an .xlsx says of itself."""


def workers_of(request: Request) -> WorkersService:
    """The service's resources."""
    resources: WorkersService = request.app.state.workers
    return resources


Resources = Annotated[WorkersService, Depends(workers_of)]
