"""Everything in one process: the parts of all services on one port, relays and indexer beside them.

Parts open in the order given here and close in reverse: pages first, then what feeds the index, then the services, and last
bus and index that all of them use.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

import httpx
from fastapi import FastAPI

from services.access import app as access
from services.access.point import OwnAccess
from services.contracts.topics import TOPICS
from services.jobs import app as jobs
from services.jobs.judging import Judge, judged
from services.kernel.bus import open_bus
from services.kernel.bus.port import Bus
from services.kernel.clock import Clock, SystemClock
from services.kernel.http.application import Part
from services.kernel.identity.serving import application as of_services
from services.kernel.index import open_index
from services.kernel.index.port import Index
from services.kernel.settings import Settings
from services.kernel.supervision import Supervisor, Trouble
from services.matcher import app as matcher
from services.web import app as web
from services.workers import app as workers

TITLE = "云工 Yungong"


@dataclass(frozen=True, slots=True)
class Backbone:
    """What services meet over."""

    bus: Bus
    index: Index

    async def ready(self) -> Mapping[str, str]:
        """Whether it serves is told by those who use it."""
        return {}


def build(settings: Settings, clock: Clock | None = None, judge: Judge = judged) -> FastAPI:
    """The whole application. Nothing is opened before it starts. `judge`: what is asked before an opening is shown."""
    clock = clock or SystemClock()
    bus, index = open_bus(settings.bus_url), open_index(settings.index_url)

    @asynccontextmanager
    async def open_backbone() -> AsyncIterator[Backbone]:
        try:
            await bus.ensure(TOPICS)
            yield Backbone(bus, index)
        finally:
            await bus.close()
            await index.close()

    @asynccontextmanager
    async def open_streams() -> AsyncIterator[Supervisor]:
        relays = {
            "workers_relay": workers.relay(application.state.workers, bus),
            "jobs_relay": jobs.relay(application.state.jobs, bus),
        }
        indexer = matcher.indexer(application.state.matcher, bus)
        works = {name: relay.run for name, relay in relays.items()} | {"indexer": indexer.run}
        troubles: dict[str, Trouble] = {name: partial(getattr, relay, "trouble") for name, relay in relays.items()}
        async with Supervisor(works, troubles | {"indexer": lambda: matcher.trouble(indexer)}) as supervisor:
            yield supervisor

    def interface() -> httpx.AsyncClient:
        # The pages go through the whole public interface, only without a network.
        transport = httpx.ASGITransport(application, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://yungong.invalid")

    application = of_services(
        TITLE,
        [
            access.part(settings, clock),
            Part("backbone", [], open_backbone),
            workers.part(settings, clock, bus),
            jobs.part(settings, clock, judge),
            matcher.part(settings, index, bus, clock),
            Part("streams", [], open_streams),
            web.part(settings, clock, interface),
        ],
        settings,
        own=OwnAccess,
        clock=clock,
        docs_assets=web.DOCS_ASSETS,
    )
    return application
