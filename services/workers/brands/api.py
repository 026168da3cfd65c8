"""The routes of /v1/brands."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.contracts.permissions import Permission
from services.kernel.http.auth import Principal, require
from services.kernel.http.documentation import problem_responses
from services.kernel.http.preconditions import etag, not_modified
from services.workers.brands import commands, queries
from services.workers.brands.schemas import BrandChanges, BrandFigures, BrandList, BrandView, NewBrand
from services.workers.dependencies import Expected, Resources, Retryable

router = APIRouter(prefix="/v1/brands", tags=["brands"])

Reader = Annotated[Principal, Depends(require(Permission.TRAINING_READ))]
Writer = Annotated[Principal, Depends(require(Permission.TRAINING_WRITE))]


@router.post("", status_code=201, response_model=BrandView, responses=problem_responses(403, 409, 422))
async def register_brand(body: NewBrand, resources: Resources, writer: Writer, call: Retryable) -> Response:
    """Register a county's labour brand (劳务品牌)."""
    return (await commands.register(resources, writer.scope, body, call)).response()


@router.get("")
async def list_brands(resources: Resources, reader: Reader) -> BrandList:
    """The brands of the divisions that the caller serves."""
    return await queries.brands(resources, reader.scope)


@router.get("/{brand_id}", response_model=BrandView, responses=problem_responses(404))
async def read_brand(
    brand_id: str, resources: Resources, reader: Reader, request: Request, response: Response
) -> Response | BrandView:
    """One brand; the version is the ETag."""
    brand = await queries.brand(resources, reader.scope, brand_id)
    response.headers["ETag"] = etag(brand.version)
    return not_modified(request, brand.version) or BrandView.of(brand)


@router.patch("/{brand_id}", response_model=BrandView, responses=problem_responses(404, 409, 412, 428))
async def amend_brand(brand_id: str, body: BrandChanges, resources: Resources, writer: Writer, expected: Expected) -> Response:
    """Amend or retire a brand, in the version seen (If-Match)."""
    return (await commands.amend(resources, writer.scope, brand_id, expected, body)).response()


@router.get("/{brand_id}/figures", responses=problem_responses(404))
async def read_brand_figures(brand_id: str, resources: Resources, reader: Reader) -> BrandFigures:
    """How many were trained, certified and placed, what they earn, how many stay."""
    return await queries.brand_figures(resources, reader.scope, brand_id)
