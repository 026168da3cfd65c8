"""The matcher put together: its part of an application, its indexer, and the application that is it alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI

from services.kernel.bus import open_bus
from services.kernel.bus.port import Bus
from services.kernel.clock import Clock, SystemClock
from services.kernel.erasure import ErasureLedger
from services.kernel.http.application import Part, health_application
from services.kernel.http.background import Background
from services.kernel.http.paging import CursorSigner
from services.kernel.http.signing import SigningKey
from services.kernel.identity.serving import application
from services.kernel.index import open_index
from services.kernel.index.port import Index
from services.kernel.settings import Settings
from services.kernel.supervision import Supervisor
from services.kernel.text.lexicon import Lexicon
from services.kernel.text.segmenter import Segmenter
from services.matcher.api import ROUTERS as MATCH_ROUTERS
from services.matcher.explanations.api import ROUTERS as EXPLANATION_ROUTERS
from services.matcher.indexer import Indexer
from services.matcher.proposals import api as proposals
from services.matcher.ranking import weights
from services.matcher.ranking.tiebreaks import Tiebreaks
from services.matcher.resources import Matching
from services.matcher.search.api import ROUTERS as SEARCH_ROUTERS
from services.matcher.subjects.api import router as subjects

NAME: Final = "matcher"
ROUTERS: Final = (*MATCH_ROUTERS, *EXPLANATION_ROUTERS, *SEARCH_ROUTERS, proposals.router, subjects)


@asynccontextmanager
async def open_matching(settings: Settings, index: Index, bus: Bus, clock: Clock) -> AsyncIterator[Matching]:
    """The matcher's resources; index and bus stay their owner's. Loading the dictionary takes a moment."""
    segmenter = await asyncio.to_thread(lambda: Segmenter(Lexicon.load()))
    cursors, erased = CursorSigner(SigningKey.ensure(settings.signing_key_file)), ErasureLedger(bus)
    tiebreaks = Tiebreaks(settings.match_poverty_first, settings.match_rotate)
    async with Supervisor({"erasures": erased.run}):
        yield Matching(index, bus, clock, segmenter, weights.load(), tiebreaks, cursors, erased)


def part(settings: Settings, index: Index, bus: Bus, clock: Clock | None = None) -> Part:
    """What this service brings to an application."""
    return Part(NAME, ROUTERS, lambda: open_matching(settings, index, bus, clock or SystemClock()))


def indexer(matching: Matching, bus: Bus) -> Indexer:
    """What follows the streams into the index."""
    return Indexer(bus, matching.index, matching.segmenter, matching.erased)


def trouble(follower: Indexer) -> str:
    """What keeps either collection, or the ledger that both wait for, from being up to date; "" when well."""
    told = (follower.erased.trouble, *(one.trouble for one in follower.collections.values()))
    return "; ".join(dict.fromkeys(filter(None, told)))


def build_indexer(settings: Settings | None = None) -> FastAPI:
    """The indexer alone: a health port beside the work."""
    settings = settings or Settings()
    bus, index = open_bus(settings.bus_url), open_index(settings.index_url)

    @asynccontextmanager
    async def opened() -> AsyncIterator[Background]:
        try:
            async with open_matching(settings, index, bus, SystemClock()) as matching:
                follower = indexer(matching, bus)
                async with Supervisor({"indexer": follower.run}, {"indexer": lambda: trouble(follower)}) as supervisor:
                    yield Background(supervisor, matching.measure)
        finally:
            await bus.close()
            await index.close()

    return health_application("云工 编索引", Part("indexer", [], opened))


def build(settings: Settings | None = None) -> FastAPI:
    """This service alone."""
    settings = settings or Settings()
    bus, index = open_bus(settings.bus_url), open_index(settings.index_url)

    @asynccontextmanager
    async def open_alone() -> AsyncIterator[Matching]:
        try:
            async with open_matching(settings, index, bus, SystemClock()) as matching:
                yield matching
        finally:
            await bus.close()
            await index.close()

    return application("云工 匹配服务", [Part(NAME, ROUTERS, open_alone)], settings)
