"""The routes of imports, the same for every service that imports."""

from collections.abc import Callable
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response

from services.contracts.permissions import Permission
from services.kernel.http.admission import FORM, MEBIBYTE, TakesBody
from services.kernel.http.auth import Principal, require
from services.kernel.imports.imports import UPLOAD_LIMIT, Imports
from services.kernel.imports.schemas import ImportView
from services.kernel.imports.upload import uploaded

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RAW: Final = (XLSX, "application/vnd.ms-excel", "text/csv", "application/octet-stream")
_BINARY: Final = {"type": "string", "format": "binary"}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {"schema": {"type": "object", "required": ["file"], "properties": {"file": _BINARY}}},
            **{media_type: {"schema": _BINARY} for media_type in _RAW},
        },
    }
}
_SHEET: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {XLSX: {"schema": _BINARY}}}}


def import_routes(path: str, imports_of: Callable[[Request], Imports[Any]], importing: Permission) -> APIRouter:
    """`POST {path}`, `GET {path}/{id}` and `GET {path}/{id}/report.xlsx`, all for whoever may import.

    `imports_of` finds the service's imports from a request. The report holds rows as they were sent: nobody else may have it.
    """
    router = APIRouter(tags=["imports"])
    Importer = Annotated[Principal, Depends(require(importing))]  # noqa: N806 - a type
    takes_file = TakesBody(limit=UPLOAD_LIMIT + MEBIBYTE, media_types=(FORM, *_RAW))

    @router.post(path, status_code=202, dependencies=[Depends(takes_file)], openapi_extra=_BODY)
    async def import_file(
        request: Request,
        response: Response,
        principal: Importer,
        filename: Annotated[str, Query(max_length=200, description="names a raw body")] = "上传的表格",
    ) -> ImportView:
        """Take a sheet (.xlsx, .xls, .csv) in; it is imported in the background. Location tells where to look how it goes."""
        content, name = await uploaded(request, filename)
        view = await imports_of(request).submit(content, name, principal)
        response.headers["Location"] = f"{path}/{view.id}"
        return view

    @router.get(path + "/{import_id}")
    async def read_import(request: Request, import_id: str, principal: Importer) -> ImportView:
        """State, progress and report of an import."""
        return await imports_of(request).view(import_id, principal)

    @router.get(
        path + "/{import_id}/report.xlsx",
        response_class=Response,
        responses=_SHEET,
    )
    async def read_rejected_rows(request: Request, import_id: str, principal: Importer) -> Response:
        """The rejected rows with their reasons beside, to be corrected and uploaded again."""
        sheet = await imports_of(request).rejected_sheet(import_id, principal)
        name = quote(f"退回的行-{import_id}.xlsx")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
        return Response(sheet, media_type=XLSX, headers=headers)

    return router
