"""The route of /v1/workers/exports."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse

from services.contracts.permissions import Permission
from services.kernel.http.auth import Principal, require
from services.kernel.http.documentation import problem_responses
from services.kernel.imports.routes import attachment, attachment_headers
from services.kernel.text_sheets import CSV, XLSX
from services.workers.dependencies import Resources
from services.workers.exports import queries
from services.workers.exports.schemas import ExportRequest
from services.workers.profile import State
from services.workers.repository import Filter

router = APIRouter(prefix="/v1/workers", tags=["exports"])

_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}
_FILES: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {XLSX: _BINARY, "text/csv": _BINARY}}}
Exporter = Annotated[Principal, Depends(require(Permission.WORKERS_EXPORT))]


@router.post("/exports", response_class=Response, responses=_FILES | problem_responses(400, 422))
async def export_workers(body: ExportRequest, service: Resources, exporter: Exporter) -> Response:
    """The registered workers whom the caller serves, with their identifiers in clear, in the headings of the import: imported
    again, nothing changes. Every person's row is audited with the purpose."""
    wanted = Filter(county_code=body.county_code, state=State.REGISTERED)
    name = f"劳动力台账-{service.clock.today().isoformat()}.{body.format}"
    if body.format == "csv":
        lines = queries.text(service, exporter.scope, wanted, body.purpose)
        return StreamingResponse(lines, media_type=CSV, headers=attachment_headers(name))
    return attachment(await queries.workbook(service, exporter.scope, wanted, body.purpose), name, XLSX)
