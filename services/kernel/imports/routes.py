"""The routes of imports, the same for every service that imports."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response

from services.contracts.permissions import Permission
from services.kernel.errors import FieldError, UnknownCode
from services.kernel.http.admission import FORM, MEBIBYTE, TakesBody
from services.kernel.http.auth import Principal, require
from services.kernel.imports.imports import UPLOAD_LIMIT, Imports
from services.kernel.imports.outcomes import Policy, Terms
from services.kernel.imports.review_routes import add_review, check_division
from services.kernel.imports.schemas import ImportView
from services.kernel.imports.upload import uploaded
from services.kernel.text_sheets import XLSX

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


def import_routes(
    path: str,
    imports_of: Callable[[Request], Imports[Any]],
    importing: Permission,
    policies: Collection[Policy] = (Policy.NEWER_WINS,),
) -> APIRouter:
    """`POST {path}`, `GET {path}/{id}`, `GET {path}/{id}/report.xlsx` and the review of imports, for whoever may import.

    `imports_of` finds the service's imports from a request; `policies` are those that the service's register knows.
    """
    router = APIRouter(tags=["imports"])
    Importer = Annotated[Principal, Depends(require(importing))]  # noqa: N806 - a type
    takes_file = TakesBody(limit=UPLOAD_LIMIT + MEBIBYTE, media_types=(FORM, *_RAW))

    @router.post(path, status_code=202, dependencies=[Depends(takes_file)], openapi_extra=_BODY)
    async def import_file(
        request: Request, response: Response, principal: Importer, asked: Annotated[_Asked, Depends()]
    ) -> ImportView:
        """Take a sheet (.xlsx, .xls, .csv) in; it is imported in the background. Location tells where to look how it goes.

        Who serves one division alone has its template used by itself.
        """
        imports = imports_of(request)
        terms = await asked.terms(imports, principal, policies)
        content, name = await uploaded(request, asked.filename)
        view = await imports.submit(content, name, principal, terms)
        response.headers["Location"] = f"{path}/{view.id}"
        return view

    @router.get(path + "/{import_id}")
    async def read_import(request: Request, import_id: str, principal: Importer) -> ImportView:
        """State, progress and report of an import."""
        return await imports_of(request).view(import_id, principal)

    @router.get(path + "/{import_id}/report.xlsx", response_class=Response, responses=_SHEET)
    async def read_rejected_rows(request: Request, import_id: str, principal: Importer) -> Response:
        """The rejected rows as they were sent, with their reasons beside, to be corrected and uploaded again."""
        sheet = await imports_of(request).rejected_sheet(import_id, principal)
        return attachment(sheet, f"退回的行-{import_id}.xlsx", XLSX)

    add_review(router, path, imports_of, importing)
    return router


def attachment(content: bytes, name: str, media_type: str) -> Response:
    """A file to be saved under this name, which nobody on the way may keep."""
    return Response(content, media_type=media_type, headers=attachment_headers(name))


def attachment_headers(name: str) -> dict[str, str]:
    """The headers of such a file."""
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """How a file is to be imported, as the request's parameters say it."""

    filename: Annotated[str, Query(max_length=200, description="names a raw body")] = "上传的表格"
    dry_run: Annotated[bool, Query(description="tell what would happen, change nothing until it is confirmed")] = False
    policy: Annotated[Policy, Query(description="what a row does to a record that says something else")] = Policy.NEWER_WINS
    template: Annotated[str | None, Query(max_length=12, description="the division whose own headings to use")] = None

    async def terms(self, imports: Imports[Any], principal: Principal, policies: Collection[Policy]) -> Terms:
        """The same, with the template's headings. Raises UnknownCode."""
        if self.policy not in policies:
            error = FieldError("query:policy", "unknown_code", f"这里的导入没有“{self.policy}”这种做法")
            raise UnknownCode(error.detail, errors=[error])
        if self.template is not None:
            check_division(self.template, principal)
        synonyms = await imports.templates.synonyms(self.template or _sole_division(principal))
        return Terms(self.dry_run, self.policy, synonyms)


def _sole_division(principal: Principal) -> str:
    """The one division that the caller serves; "" for any other."""
    served = principal.scope.regions or ()
    return next(iter(served)) if len(served) == 1 else ""
