"""The background work: takes due deliveries under a lease, sends them, keeps how it went, disables what is dead."""

import asyncio
import random
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from services.jobs.feed import log
from services.jobs.webhooks import queue, repository
from services.jobs.webhooks.endpoint import Attempt, Endpoint, next_attempt
from services.jobs.webhooks.queue import Leased
from services.jobs.webhooks.sending import Sender
from services.jobs.webhooks.signing import headers
from services.kernel.audit import Actor, Audit, Entry, acting
from services.kernel.clock import Clock
from services.kernel.http.auth import Scope
from services.kernel.pauses import occurs
from services.kernel.store.port import Store
from services.kernel.vault.port import Vault

ACTOR: Final = Actor("webhooks", "service")
AT_ONCE: Final = 16
"""Deliveries in flight in one process."""
POLL_S: Final = 1.0
_SPREAD: Final = random.SystemRandom()

_log = structlog.get_logger(__name__)


class Worker:
    """Runs in every process of the service; leases keep one delivery in one pair of hands."""

    def __init__(self, store: Store, vault: Vault, audit: Audit, clock: Clock, sender: Sender) -> None:
        self._store = store
        self._vault = vault
        self._audit = audit
        self._clock = clock
        self._sender = sender

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set; what is in flight then is finished. Raises StoreUnavailable, VaultSealed."""
        async with self._sender:
            while not stop.is_set():
                if not await self.step():
                    await occurs(stop, POLL_S)

    async def step(self) -> int:
        """One round; how many deliveries were tried. Raises StoreUnavailable, VaultSealed."""
        with acting(ACTOR):
            async with self._store.read() as connection:
                waiting = await queue.due(connection, self._clock.now())
            if not waiting:
                return 0
            async with self._store.write() as connection:
                leased = await queue.lease(connection, self._vault, self._clock.now(), AT_ONCE)
            return await self._deliver(leased)

    async def _deliver(self, leased: Sequence[Leased]) -> int:
        outcomes = await asyncio.gather(*(self._attempt(one) for one in leased))
        for one, (attempt, duration_ms) in zip(leased, outcomes, strict=True):
            await self._settle(one, attempt, duration_ms)
        return len(leased)

    async def _attempt(self, leased: Leased) -> tuple[Attempt, int]:
        started = time.monotonic()
        now, body = self._clock.now(), leased.body.encode()
        signed = headers(leased.endpoint.valid_secrets(now), leased.id, now, body)
        attempt = await self._sender.post(leased.endpoint.url, signed, body)
        return attempt, int((time.monotonic() - started) * 1000)

    async def _settle(self, leased: Leased, attempt: Attempt, duration_ms: int) -> None:
        now = self._clock.now()
        made = leased.made + 1
        due_at = None if attempt.accepted else next_attempt(made, attempt, now, _SPREAD.uniform(0.9, 1.1))
        async with self._store.write() as connection:
            kept = await queue.settle(connection, leased, attempt, at=now, duration_ms=duration_ms, due_at=due_at)
            if not kept:
                return
            endpoint = await repository.get(
                connection, leased.endpoint.id, repository.reachable(Scope.everywhere()), self._vault, lock=True
            )
            if endpoint is not None:
                await self._mark(connection, endpoint, attempt, dead=due_at is None and not attempt.accepted)
        _log.info("webhook_tried", endpoint=leased.endpoint.id, delivery=leased.id, status=attempt.status, attempt=made)

    async def _mark(self, connection: AsyncConnection, endpoint: Endpoint, attempt: Attempt, *, dead: bool) -> None:
        """Since when nothing is accepted; and disabled, with a notice, when it is over."""
        now = self._clock.now()
        if not dead:
            since = None if attempt.accepted else endpoint.failing_since or now
            after = endpoint.amend(now, failing_since=since)
        else:
            after = endpoint.disable("gone" if attempt.gone else "dead", now)
        if after is endpoint:
            return
        await repository.change(connection, endpoint, after, self._vault)
        if dead:
            await log.append(connection, [notice(after, now)])
            await self._audit.record(connection, Entry("webhook.disabled", after.id))


def notice(endpoint: Endpoint, now: datetime) -> dict[str, Any]:
    """The line of /v1/changes that tells an employer of its endpoint's end."""
    return {
        "at": now,
        "kind": "webhook",
        "subject_id": endpoint.id,
        "version": endpoint.version,
        "employer_id": endpoint.employer_id,
        "place_code": "",
        "external_reference": None,
        "status": str(endpoint.state),
        "reason_code": endpoint.reason,
        "public": False,
        "public_before": False,
        "keys": {},
        "keys_before": {},
        "document": {"url": endpoint.url, "event_types": list(endpoint.event_types)},
    }
