"""The routes of /v1/webhooks."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response

from services.contracts.permissions import Permission
from services.jobs.api import Expected, Resources
from services.jobs.webhooks import commands, queries
from services.jobs.webhooks.schemas import (
    DeliveryDetail,
    DeliveryView,
    EndpointChanges,
    EndpointMade,
    Endpoints,
    EndpointView,
    NewEndpoint,
)
from services.kernel.http.auth import Principal, require
from services.kernel.http.documentation import problem_responses
from services.kernel.http.paging import Cursor, Limit, Page
from services.kernel.http.preconditions import etag, not_modified

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])
Owner = Annotated[Principal, Depends(require(Permission.WEBHOOKS_WRITE))]
_CHANGED = problem_responses(409, 412, 428)


@router.post("", status_code=201, responses=problem_responses(404, 409))
async def subscribe(body: NewEndpoint, resources: Resources, owner: Owner, response: Response) -> EndpointMade:
    """Be told at a URL, signed by Standard Webhooks. The secret is shown this once."""
    endpoint = await commands.subscribe(resources, owner, body)
    response.headers.update({"ETag": etag(endpoint.version), "Location": f"/v1/webhooks/{endpoint.id}"})
    response.headers["Cache-Control"] = "no-store"
    return EndpointMade.with_secret(endpoint)


@router.get("")
async def list_webhooks(resources: Resources, owner: Owner) -> Endpoints:
    """The caller's endpoints, and what can be subscribed to."""
    return await queries.endpoints(resources, owner)


@router.get("/{webhook_id}", response_model=EndpointView)
async def read_webhook(
    webhook_id: str, resources: Resources, owner: Owner, request: Request, response: Response
) -> Response | EndpointView:
    """One endpoint; its version is the ETag."""
    endpoint = await queries.endpoint(resources, owner, webhook_id)
    response.headers["ETag"] = etag(endpoint.version)
    return not_modified(request, endpoint.version) or EndpointView.of(endpoint)


@router.patch("/{webhook_id}", responses=_CHANGED)
async def amend_webhook(
    webhook_id: str, body: EndpointChanges, resources: Resources, owner: Owner, expected: Expected
) -> EndpointView:
    """Amend an endpoint, or bring a disabled one back, in the version seen (If-Match)."""
    return EndpointView.of(await commands.amend(resources, owner, webhook_id, expected, body))


@router.delete("/{webhook_id}", status_code=204)
async def unsubscribe(webhook_id: str, resources: Resources, owner: Owner) -> None:
    """Be told no more; the delivery log goes, too."""
    await commands.unsubscribe(resources, owner, webhook_id)


@router.post("/{webhook_id}/secret")
async def rotate_secret(webhook_id: str, resources: Resources, owner: Owner, response: Response) -> EndpointMade:
    """A new secret, shown this once. For a day messages are signed with both."""
    response.headers["Cache-Control"] = "no-store"
    return EndpointMade.with_secret(await commands.rotate(resources, owner, webhook_id))


@router.post("/{webhook_id}/ping", status_code=202)
async def ping_webhook(webhook_id: str, resources: Resources, owner: Owner) -> DeliveryDetail:
    """Send a message of type webhook.ping."""
    delivery_id = await commands.ping(resources, owner, webhook_id)
    return await queries.delivery(resources, owner, webhook_id, delivery_id)


@router.get("/{webhook_id}/deliveries")
async def list_deliveries(
    *,
    webhook_id: str,
    resources: Resources,
    owner: Owner,
    state: Literal["pending", "delivered", "failed"] | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[DeliveryView]:
    """What was sent or is to be, newest first; kept for thirty days."""
    return await queries.deliveries(resources, owner, webhook_id, state=state, cursor=cursor, limit=limit)


@router.get("/{webhook_id}/deliveries/{delivery_id}")
async def read_delivery(webhook_id: str, delivery_id: str, resources: Resources, owner: Owner) -> DeliveryDetail:
    """One message with all its attempts."""
    return await queries.delivery(resources, owner, webhook_id, delivery_id)


@router.post("/{webhook_id}/deliveries/{delivery_id}/redelivery", status_code=202)
async def redeliver(webhook_id: str, delivery_id: str, resources: Resources, owner: Owner) -> DeliveryDetail:
    """Try it again at once, under the same id."""
    await commands.redeliver(resources, owner, webhook_id, delivery_id)
    return await queries.delivery(resources, owner, webhook_id, delivery_id)
