"""The routes beside an import, the same for every service that imports: confirming a trial, deciding differences, templates."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request

from services.contracts.permissions import Permission
from services.contracts.vocabulary import divisions
from services.kernel.errors import FieldError, UnknownCode
from services.kernel.http.auth import Principal, require
from services.kernel.http.documentation import problem_responses
from services.kernel.http.validation import shown
from services.kernel.imports.imports import Imports
from services.kernel.imports.outcomes import Decision
from services.kernel.imports.schemas import (
    Decisions,
    DecisionsView,
    DifferencePage,
    ImportView,
    TemplateHeadings,
    TemplateView,
)
from services.kernel.imports.templates import Template

After = Annotated[int, Query(ge=0, le=2**53, description="the last page's next_after")]
Division = Annotated[str, Path(max_length=12, description="a division's code (GB/T 2260)")]


def add_review(router: APIRouter, path: str, imports_of: Callable[[Request], Imports[Any]], importing: Permission) -> None:
    """`POST {path}/{id}/confirmation`, `GET {path}/{id}/differences`, `POST {path}/{id}/decisions`, and the templates of
    headings at `{path}-templates`, all for whoever may import."""
    Importer = Annotated[Principal, Depends(require(importing))]  # noqa: N806 - a type

    @router.post(path + "/{import_id}/confirmation", status_code=202, responses=problem_responses(404, 409))
    async def confirm_import(request: Request, import_id: str, principal: Importer) -> ImportView:
        """Carry out what a dry run tried, without sending the file again. Confirming twice imports once."""
        imports = imports_of(request)
        await imports.review.confirm(import_id, principal)
        return await imports.view(import_id, principal)

    @router.get(path + "/{import_id}/differences", responses=problem_responses(404))
    async def read_differences(
        request: Request,
        import_id: str,
        principal: Importer,
        *,
        decision: Decision | None = None,
        after: After = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> DifferencePage:
        """Where the rows say something else than the records held; values masked."""
        return await imports_of(request).review.differences(import_id, principal, decision, after=after, limit=limit)

    @router.post(path + "/{import_id}/decisions", responses=problem_responses(404, 409))
    async def decide_differences(request: Request, import_id: str, principal: Importer, body: Decisions) -> DecisionsView:
        """Decide open differences by their ids; deciding again changes nothing."""
        return await imports_of(request).review.decide(import_id, principal, body.take, body.keep)

    @router.get(path + "-templates")
    async def list_templates(request: Request, principal: Importer) -> Sequence[TemplateView]:
        """The templates of headings of the divisions that the caller serves."""
        found = await imports_of(request).templates.all()
        return [_view(one) for one in found if _reaches(principal, one.division_code)]

    @router.put(path + "-templates/{division_code}", responses=problem_responses(400, 404))
    async def keep_template(
        request: Request, division_code: Division, principal: Importer, body: TemplateHeadings
    ) -> TemplateView:
        """Keep what a division's sheets call our columns; every later file of that division is read so."""
        check_division(division_code, principal)
        return _view(await imports_of(request).templates.put(division_code, body.headings, principal.id))


def check_division(code: str, principal: Principal) -> None:
    """Raises UnknownCode for what is no division, or none that the caller serves."""
    if divisions.load().get(code) is None or not _reaches(principal, code):
        error = FieldError("/division_code", "unknown_code", f"没有行政区划“{shown(code)}”，或不在您的辖区")
        raise UnknownCode(error.detail, errors=[error])


def _reaches(principal: Principal, code: str) -> bool:
    return principal.scope.serves(code) or principal.scope.keeps(code, None)


def _view(template: Template) -> TemplateView:
    return TemplateView(
        division_code=template.division_code,
        headings=dict(template.headings),
        changed_by=template.changed_by,
        changed_at=template.changed_at,
    )
