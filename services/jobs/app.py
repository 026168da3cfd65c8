"""The jobs service put together: its part of an application, the application that is it alone, and its relay."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.envelope import Envelope
from services.contracts.topics import JOB_POSTINGS
from services.jobs import api, events, repository, tables
from services.jobs.bulk import api as bulk
from services.jobs.duplicates import api as duplicates
from services.jobs.duplicates.finder import Finder
from services.jobs.employers import api as employers
from services.jobs.feed import api as feed
from services.jobs.judging import Judge, judged
from services.jobs.lifecycle import api as lifecycle
from services.jobs.lifecycle.sweep import Sweep
from services.jobs.pasting import api as pasting
from services.jobs.resources import Jobs
from services.jobs.sheet import PostingSheet
from services.jobs.understanding.api import router as understanding
from services.jobs.webhooks import api as webhooks
from services.jobs.webhooks.sending import Sender
from services.jobs.webhooks.worker import Worker
from services.kernel.audit import Audit
from services.kernel.bus.port import Bus
from services.kernel.clock import Clock, SystemClock
from services.kernel.http.application import Part
from services.kernel.http.idempotency import Idempotency
from services.kernel.http.paging import CursorSigner
from services.kernel.http.relay_process import relay_process
from services.kernel.http.signing import SigningKey
from services.kernel.identity.serving import application
from services.kernel.imports.imports import Imports
from services.kernel.outbox import Relay, republishing
from services.kernel.settings import Settings
from services.kernel.store import migrate, open_store
from services.kernel.supervision import Supervisor
from services.kernel.vault import open_proven

NAME: Final = "jobs"
ROUTERS: Final = (
    api.imports,
    understanding,
    bulk.router,
    pasting.router,
    duplicates.router,
    api.router,
    lifecycle.router,
    employers.router,
    feed.router,
    webhooks.router,
)  # `imports` is no posting's id
MIGRATIONS: Final = Path(__file__).with_name("migrations")


@asynccontextmanager
async def open_jobs(settings: Settings, clock: Clock, judge: Judge = judged) -> AsyncIterator[Jobs]:
    """The service's resources: its vault proven, imports at work. The database is at its newest revision.

    Raises StoreUnavailable, VaultSealed (the key is missing or is not the one this database was sealed with).
    """
    store = open_store(settings.jobs_store_url)
    try:
        vault = await open_proven(store, tables.data_keys, settings.keys)
        key = SigningKey.ensure(settings.signing_key_file)
        audit = Audit(tables.audit, vault, clock)
        imports = Imports(store, tables.imports, vault, PostingSheet(audit, vault, clock, judge), audit=audit, clock=clock)
        sender = Sender(reach_private=settings.webhooks_reach_private)
        works = {
            "imports": imports.run,
            "lifecycle": Sweep(store, audit, clock).run,
            "duplicates": Finder(store, audit, clock).run,
            "webhooks": Worker(store, vault, audit, clock, sender).run,
        }
        async with Supervisor(works) as background:
            yield Jobs(
                store=store,
                audit=audit,
                clock=clock,
                cursors=CursorSigner(key),
                idempotency=Idempotency(tables.idempotency, key, clock),
                imports=imports,
                background=background,
                vault=vault,
                judge=judge,
                priority_window_days=settings.priority_window_days,
                webhooks_reach_private=settings.webhooks_reach_private,
            )
    finally:
        await store.close()


@asynccontextmanager
async def open_migrated(settings: Settings, clock: Clock, judge: Judge = judged) -> AsyncIterator[Jobs]:
    """The same, after bringing the database to its newest revision: for the process that has it for itself."""
    await migrate(settings.jobs_store_url, MIGRATIONS)
    async with open_jobs(settings, clock, judge) as service:
        yield service


def part(settings: Settings, clock: Clock | None = None, judge: Judge = judged) -> Part:
    """What this service brings to an application of all services, which migrates by itself. `judge`: the compliance check."""
    return Part(NAME, ROUTERS, lambda: open_migrated(settings, clock or SystemClock(), judge))


def relay(jobs: Jobs, bus: Bus) -> Relay:
    """What tells this service's changes to the bus."""
    return Relay(jobs.store, tables.outbox, bus, clock=jobs.clock)


def build(settings: Settings | None = None) -> FastAPI:
    """This service alone, on a database that was migrated before."""
    settings = settings or Settings()
    return application("云工 岗位服务", [Part(NAME, ROUTERS, lambda: open_jobs(settings, SystemClock()))], settings)


def build_relay(settings: Settings | None = None) -> FastAPI:
    """This service's relay alone: a health port beside the work."""
    settings = settings or Settings()
    return relay_process(NAME, settings.jobs_store_url, settings.bus_url, tables.outbox)


async def republish(settings: Settings, told: Callable[[int], None]) -> int:
    """Tell the bus every posting's present version once more; how many. Raises StoreUnavailable."""
    store, clock = open_store(settings.jobs_store_url), SystemClock()

    async def present(connection: AsyncConnection, after_id: str, limit: int) -> Sequence[Envelope]:
        found = await repository.told_after(connection, after_id, limit)
        return [events.envelope(posting, clock.now()) for posting in found]

    try:
        return await republishing.republish(store, tables.outbox, JOB_POSTINGS, present, told)
    finally:
        await store.close()
