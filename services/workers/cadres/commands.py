"""What changes cadres: each function is one transaction."""

from dataclasses import replace

from services.kernel.audit import Entry
from services.kernel.errors import NotFound
from services.kernel.http.auth import Scope
from services.kernel.http.idempotency import Answer, Call
from services.kernel.http.preconditions import check_version, etag
from services.kernel.ids import new_id
from services.workers.cadres import repository
from services.workers.cadres.cadre import Cadre
from services.workers.cadres.schemas import CadreChanges, CadreView, NewCadre
from services.workers.errors import OutsideRegion
from services.workers.resources import WorkersService

ID_PREFIX = "c"


class CadreNotFound(NotFound):
    """There is no such cadre in scope."""

    code = "cadre_not_found"
    title = "没有这个责任人"


async def add(service: WorkersService, scope: Scope, body: NewCadre, call: Call | None) -> Answer:
    """Enter a cadre. Raises OutsideRegion."""
    if not scope.serves(body.county_code):
        raise OutsideRegion()
    async with service.idempotency.transaction(service.store, call) as unit:
        if unit.answer is None:
            cadre = Cadre(id=new_id(ID_PREFIX), version=1, **body.model_dump())
            await repository.add(unit.connection, service.vault, cadre)
            await service.audit.record(unit.connection, Entry("cadre.entered", cadre.id))
            unit.answer = _answer(201, cadre)
    return unit.answer


async def amend(service: WorkersService, scope: Scope, cadre_id: str, expected: int, body: CadreChanges) -> Answer:
    """Amend the version that the caller saw. Raises CadreNotFound, VersionMismatch."""
    async with service.store.write() as connection:
        before = await repository.get(connection, service.vault, cadre_id, scope, lock=True)
        if before is None:
            raise CadreNotFound()
        check_version(expected, before.version)
        given = body.model_dump(exclude_unset=True)
        after = replace(before, **given)
        if after != before:
            after = replace(after, version=before.version + 1)
            await repository.change(connection, service.vault, after)
            await service.audit.record(connection, Entry("cadre.amended", cadre_id, tuple(sorted(given))))
    return _answer(200, after)


def _answer(status: int, cadre: Cadre) -> Answer:
    headers = {"ETag": etag(cadre.version), "Location": f"/v1/cadres/{cadre.id}"}
    return Answer.of(status, CadreView.of(cadre), headers)
