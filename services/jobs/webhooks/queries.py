"""What reads endpoints and the delivery log."""

from typing import Any

from sqlalchemy import Row

from services.jobs.resources import Jobs
from services.jobs.webhooks import repository
from services.jobs.webhooks.endpoint import Endpoint
from services.jobs.webhooks.errors import DeliveryNotFound, EndpointNotFound
from services.jobs.webhooks.schemas import AttemptView, DeliveryDetail, DeliveryView, Endpoints, EndpointView
from services.kernel.http.auth import Principal
from services.kernel.http.paging import Page


async def endpoint(jobs: Jobs, caller: Principal, endpoint_id: str) -> Endpoint:
    """One endpoint. Raises EndpointNotFound."""
    async with jobs.store.read() as connection:
        found = await repository.get(connection, endpoint_id, repository.reachable(caller.scope), jobs.vault)
    if found is None:
        raise EndpointNotFound()
    return found


async def endpoints(jobs: Jobs, caller: Principal) -> Endpoints:
    """The caller's endpoints, oldest first."""
    async with jobs.store.read() as connection:
        found = await repository.all_of(connection, repository.reachable(caller.scope), jobs.vault)
    return Endpoints(items=[EndpointView.of(one) for one in found])


async def deliveries(
    jobs: Jobs, caller: Principal, endpoint_id: str, *, state: str | None, cursor: str | None, limit: int
) -> Page[DeliveryView]:
    """A page of an endpoint's deliveries, newest first. Raises EndpointNotFound, BadRequest (bad_cursor)."""
    await endpoint(jobs, caller, endpoint_id)
    query = {"list": "deliveries", "endpoint": endpoint_id, "state": state}
    before_id = str(jobs.cursors.decode(cursor, query)[0]) if cursor is not None else None
    async with jobs.store.read() as connection:
        found = await repository.page(connection, endpoint_id, state, before_id, limit + 1)
    shown = found[:limit]
    return Page[DeliveryView](
        items=[DeliveryView.model_validate(row._mapping) for row in shown],  # noqa: SLF001 - SQLAlchemy's public name for it
        next_cursor=jobs.cursors.encode([shown[-1].id], query) if len(found) > limit else None,
    )


async def delivery(jobs: Jobs, caller: Principal, endpoint_id: str, delivery_id: str) -> DeliveryDetail:
    """One delivery with its attempts. Raises EndpointNotFound, DeliveryNotFound."""
    await endpoint(jobs, caller, endpoint_id)
    async with jobs.store.read() as connection:
        row = await repository.delivery(connection, endpoint_id, delivery_id)
        if row is None:
            raise DeliveryNotFound()
        made = await repository.attempts_of(connection, delivery_id)
    return DeliveryDetail.model_validate(_said(row) | {"log": [AttemptView.model_validate(_said(one)) for one in made]})


def _said(row: Row[Any]) -> dict[str, Any]:
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
