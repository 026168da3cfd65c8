"""What changes endpoints: each function is one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.jobs.employers import repository as employers
from services.jobs.errors import EmployerNotFound
from services.jobs.resources import Jobs
from services.jobs.webhooks import addresses, messages, queue, repository
from services.jobs.webhooks.endpoint import PING, Endpoint, Secret, State
from services.jobs.webhooks.errors import DeliveryNotFound, EndpointExists, EndpointNotFound, TooManyEndpoints
from services.jobs.webhooks.schemas import EndpointChanges, NewEndpoint
from services.jobs.webhooks.signing import new_secret
from services.kernel.audit import Entry
from services.kernel.errors import FieldError, InvalidInput
from services.kernel.http.auth import Principal
from services.kernel.http.preconditions import check_version
from services.kernel.ids import new_id

MOST_ENDPOINTS: Final = 10


@contextmanager
def _unique() -> Iterator[None]:
    try:
        yield
    except IntegrityError as taken:
        raise EndpointExists() from taken


def _check_url(jobs: Jobs, url: str) -> None:
    fault = addresses.fault_of(url, reach_private=jobs.webhooks_reach_private)
    if fault is not None:
        raise InvalidInput(fault, errors=[FieldError("/url", "url_not_allowed", fault)])


async def _existing(connection: AsyncConnection, jobs: Jobs, caller: Principal, endpoint_id: str) -> Endpoint:
    in_scope = repository.reachable(caller.scope)
    endpoint = await repository.get(connection, endpoint_id, in_scope, jobs.vault, lock=True)
    if endpoint is None:
        raise EndpointNotFound()
    return endpoint


async def subscribe(jobs: Jobs, caller: Principal, body: NewEndpoint) -> Endpoint:
    """A new endpoint with its secret. Raises InvalidInput, EmployerNotFound, EndpointExists, TooManyEndpoints."""
    _check_url(jobs, body.url)
    own = caller.scope.employer_id
    if (own is None) == (body.employer_id is None):
        code, detail = ("missing", "请用 employer_id 指明单位") if own is None else ("not_allowed", "单位按凭证认定，不用填写")
        raise InvalidInput(detail, errors=[FieldError("/employer_id", code, detail)])
    now = jobs.clock.now()
    employer_id = own or body.employer_id or ""
    types = tuple(sorted(set(body.event_types)))
    endpoint = Endpoint(new_id("we"), 1, employer_id, body.url, types, (Secret(new_secret()),), now, now)
    async with jobs.store.write() as connection:
        if await employers.get(connection, employer_id) is None:
            raise EmployerNotFound()
        if await repository.count(connection, employer_id) >= MOST_ENDPOINTS:
            raise TooManyEndpoints()
        with _unique():
            await repository.add(connection, endpoint, jobs.vault)
        await jobs.audit.record(connection, Entry("webhook.subscribed", endpoint.id))
    return endpoint


async def amend(jobs: Jobs, caller: Principal, endpoint_id: str, expected: int, body: EndpointChanges) -> Endpoint:
    """Amend the version that the caller saw. Raises EndpointNotFound, VersionMismatch, InvalidInput, EndpointExists."""
    changes: dict[str, Any] = {}
    if body.url is not None:
        _check_url(jobs, body.url)
        changes["url"] = body.url
    if body.event_types is not None:
        changes["event_types"] = tuple(sorted(set(body.event_types)))
    if body.state is not None:
        changes |= {"state": State(body.state), "reason": "" if body.state == "active" else "by_owner"}
    async with jobs.store.write() as connection:
        before = await _existing(connection, jobs, caller, endpoint_id)
        check_version(expected, before.version)
        after = before.amend(jobs.clock.now(), **changes)
        if after is not before:
            with _unique():
                await repository.change(connection, before, after, jobs.vault)
            await jobs.audit.record(connection, Entry("webhook.amended", after.id, tuple(sorted(changes))))
    return after


async def rotate(jobs: Jobs, caller: Principal, endpoint_id: str) -> Endpoint:
    """A new secret; the one before signs along for a day. Raises EndpointNotFound."""
    async with jobs.store.write() as connection:
        before = await _existing(connection, jobs, caller, endpoint_id)
        after = before.rotate(new_secret(), jobs.clock.now())
        await repository.change(connection, before, after, jobs.vault)
        await jobs.audit.record(connection, Entry("webhook.secret_rotated", after.id))
    return after


async def unsubscribe(jobs: Jobs, caller: Principal, endpoint_id: str) -> None:
    """Forget an endpoint with its deliveries. Raises EndpointNotFound."""
    async with jobs.store.write() as connection:
        await _existing(connection, jobs, caller, endpoint_id)
        await repository.remove(connection, endpoint_id)
        await jobs.audit.record(connection, Entry("webhook.unsubscribed", endpoint_id))


async def ping(jobs: Jobs, caller: Principal, endpoint_id: str) -> str:
    """A message to try it out, to a disabled endpoint as soon as it is active; the delivery's id. Raises EndpointNotFound."""
    now = jobs.clock.now()
    async with jobs.store.write() as connection:
        endpoint = await _existing(connection, jobs, caller, endpoint_id)
        row = queue.row_of(endpoint.id, PING, messages.body(PING, now, {"id": endpoint.id}), now)
        await queue.put(connection, [row])
        await jobs.audit.record(connection, Entry("webhook.pinged", endpoint.id))
    delivery_id: str = row["id"]
    return delivery_id


async def redeliver(jobs: Jobs, caller: Principal, endpoint_id: str, delivery_id: str) -> None:
    """Try a delivery again at once, under the same id. Raises EndpointNotFound, DeliveryNotFound."""
    async with jobs.store.write() as connection:
        await _existing(connection, jobs, caller, endpoint_id)
        if await repository.delivery(connection, endpoint_id, delivery_id) is None:
            raise DeliveryNotFound()
        await queue.again(connection, delivery_id, jobs.clock.now())
        await jobs.audit.record(connection, Entry("webhook.redelivered", endpoint_id))
