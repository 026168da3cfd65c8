"""A service's relay as a process of its own: the work, and a health port that tells of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import Table

from services.kernel.bus import open_bus
from services.kernel.clock import SystemClock
from services.kernel.http.application import Part, health_application
from services.kernel.http.background import Background
from services.kernel.outbox import Relay, backlog
from services.kernel.store import open_store
from services.kernel.supervision import Supervisor


def relay_process(service: str, store_url: str, bus_url: str, table: Table) -> FastAPI:
    """The application of the relay that empties `table` of `service`. Store and bus may come later: it waits for them."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Background]:
        store, bus, clock = open_store(store_url), open_bus(bus_url), SystemClock()
        relay = Relay(store, table, bus, clock=clock)
        try:
            async with Supervisor({"relay": relay.run}, {"relay": lambda: relay.trouble}) as supervisor:
                yield Background(supervisor, lambda: backlog.measure(store, table, service, clock.now()))
        finally:
            await bus.close()
            await store.close()

    return health_application(f"云工 {service} 发送", Part(service, [], opened))
