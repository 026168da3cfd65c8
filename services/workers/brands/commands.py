"""What changes labour brands: each function is one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from services.kernel.audit import Entry
from services.kernel.errors import Conflict, NotFound
from services.kernel.http.auth import Scope
from services.kernel.http.idempotency import Answer, Call
from services.kernel.http.preconditions import check_version, etag
from services.kernel.ids import new_id
from services.workers.brands import repository
from services.workers.brands.brand import ID_PREFIX, Brand, BrandState
from services.workers.brands.schemas import BrandChanges, BrandView, NewBrand
from services.workers.errors import OutsideRegion
from services.workers.resources import WorkersService


class BrandNotFound(NotFound):
    code = "brand_not_found"
    title = "没有这个劳务品牌"


class BrandExists(Conflict):
    code = "brand_exists"
    title = "这个地方已有同名的劳务品牌"


async def register(service: WorkersService, scope: Scope, body: NewBrand, call: Call | None) -> Answer:
    """Register a brand. Raises OutsideRegion, BrandExists, and what Idempotency.transaction raises."""
    if not scope.serves(body.division_code):
        raise OutsideRegion()
    async with service.idempotency.transaction(service.store, call) as unit:
        if unit.answer is None:
            given = body.model_dump() | {"certificate": body.certificate or ""}
            now = service.clock.now()
            brand = Brand(id=new_id(ID_PREFIX), version=1, state=BrandState.ACTIVE, changed_at=now, **given)
            with _name_free():
                await repository.add(unit.connection, brand)
            await service.audit.record(unit.connection, Entry("brand.registered", brand.id))
            unit.answer = _answer(201, brand)
    return unit.answer


async def amend(service: WorkersService, scope: Scope, brand_id: str, expected: int, body: BrandChanges) -> Answer:
    """Amend or retire a brand. Raises BrandNotFound, VersionMismatch, BrandExists."""
    async with service.store.write() as connection:
        before = await repository.get(connection, brand_id, scope, lock=True)
        if before is None:
            raise BrandNotFound()
        check_version(expected, before.version)
        given = body.model_dump(exclude_unset=True)
        if "certificate" in given:
            given["certificate"] = given["certificate"] or ""
        brand = before.changed(service.clock.now(), **given)
        if brand is not before:
            with _name_free():
                await repository.change(connection, brand)
            await service.audit.record(connection, Entry("brand.amended", brand.id, tuple(given)))
    return _answer(200, brand)


@contextmanager
def _name_free() -> Iterator[None]:
    try:
        yield
    except IntegrityError as taken:
        raise BrandExists() from taken


def _answer(status: int, brand: Brand) -> Answer:
    headers = {"ETag": etag(brand.version), "Location": f"/v1/brands/{brand.id}"}
    return Answer.of(status, BrandView.of(brand), headers)
