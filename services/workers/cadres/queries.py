"""What reads cadres."""

from collections.abc import Mapping

from services.kernel.http.auth import Scope
from services.kernel.http.paging import Page
from services.workers.cadres import repository
from services.workers.cadres.cadre import Cadre
from services.workers.cadres.commands import CadreNotFound
from services.workers.cadres.schemas import CadreView
from services.workers.resources import WorkersService


async def cadre(service: WorkersService, scope: Scope, cadre_id: str) -> Cadre:
    """One cadre. Raises CadreNotFound."""
    async with service.store.read() as connection:
        found = await repository.get(connection, service.vault, cadre_id, scope)
    if found is None:
        raise CadreNotFound()
    return found


async def page(
    service: WorkersService, scope: Scope, wanted: Mapping[str, str], cursor: str | None, limit: int
) -> Page[CadreView]:
    """A page of cadres in scope. Raises BadRequest (bad_cursor)."""
    query = {"list": "cadres", **wanted}
    after_id = str(service.cursors.decode(cursor, query)[0]) if cursor is not None else ""
    async with service.store.read() as connection:
        found = await repository.page(connection, service.vault, scope, wanted=wanted, after_id=after_id, limit=limit + 1)
    shown = found[:limit]
    return Page[CadreView](
        items=[CadreView.of(one) for one in shown],
        next_cursor=service.cursors.encode([shown[-1].id], query) if len(found) > limit else None,
    )
