"""The workers service put together: its part of an application, the application that is it alone, and its relay."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.envelope import Envelope
from services.contracts.erasures import PersonErased
from services.contracts.topics import WORKER_PROFILES
from services.kernel import erasure
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
from services.kernel.store import Store, migrate, open_store
from services.kernel.supervision import Supervisor
from services.kernel.vault import ServiceVault, open_proven
from services.workers import events, tables
from services.workers.erasures.reapplying import Reapplied, reapply
from services.workers.register import Registration, WorkerRegister
from services.workers.repository import Workers
from services.workers.resources import WorkersService
from services.workers.retention import Retention
from services.workers.routers import ROUTERS

NAME: Final = "workers"
MIGRATIONS: Final = Path(__file__).with_name("migrations")


@asynccontextmanager
async def open_workers(settings: Settings, clock: Clock) -> AsyncIterator[WorkersService]:
    """The service's resources: its vault proven, imports at work. The database is at its newest revision.

    Raises StoreUnavailable, VaultSealed (the key is missing or is not the one this database was sealed with).
    """
    store = open_store(settings.workers_store_url)
    try:
        vault = await open_proven(store, tables.data_keys, settings.keys)
        key = SigningKey.ensure(settings.signing_key_file)
        workers = Workers(vault)
        audit = Audit(tables.audit, vault, clock)
        imports = open_imports(store, workers, vault, audit, clock)
        ends = Retention(timedelta(days=settings.retention_import_days), timedelta(days=settings.retention_withdrawn_days))
        background = Supervisor({"imports": imports.run, "retention": lambda stop: ends.run(service, stop)})
        service = WorkersService(
            store=store,
            workers=workers,
            vault=vault,
            audit=audit,
            imports=imports,
            clock=clock,
            cursors=CursorSigner(key),
            idempotency=Idempotency(tables.idempotency, key, clock),
            background=background,
        )
        async with background:
            yield service
    finally:
        await store.close()


def open_imports(store: Store, workers: Workers, vault: ServiceVault, audit: Audit, clock: Clock) -> Imports[Registration]:
    """The service's imports."""
    return Imports(store, tables.imports, vault, WorkerRegister(workers, vault, audit, clock), audit=audit, clock=clock)


@asynccontextmanager
async def open_migrated(settings: Settings, clock: Clock, bus: Bus | None = None) -> AsyncIterator[WorkersService]:
    """The same, after bringing the database to its newest revision: for the process that has it for itself. With a `bus`, who
    was erased since this database was backed up is erased again first. Raises BusUnavailable too."""
    await migrate(settings.workers_store_url, MIGRATIONS)
    async with open_workers(settings, clock) as service:
        if bus is not None:
            await reapply(service, await erasure.entries(bus))
        yield service


def part(settings: Settings, clock: Clock | None = None, bus: Bus | None = None) -> Part:
    """What this service brings to an application of all services, which migrates by itself; `bus` stays its owner's."""
    return Part(NAME, ROUTERS, lambda: open_migrated(settings, clock or SystemClock(), bus))


def relay(service: WorkersService, bus: Bus) -> Relay:
    """What tells this service's changes to the bus."""
    return Relay(service.store, tables.outbox, bus, clock=service.clock)


def build(settings: Settings | None = None) -> FastAPI:
    """This service alone, on a database that was migrated before."""
    settings = settings or Settings()
    return application("云工 人员服务", [Part(NAME, ROUTERS, lambda: open_workers(settings, SystemClock()))], settings)


def build_relay(settings: Settings | None = None) -> FastAPI:
    """This service's relay alone: a health port beside the work."""
    settings = settings or Settings()
    return relay_process(NAME, settings.workers_store_url, settings.bus_url, tables.outbox)


async def republish(settings: Settings, told: Callable[[int], None]) -> int:
    """Tell the bus every worker's present version once more; how many. Raises StoreUnavailable, VaultSealed."""
    store, clock = open_store(settings.workers_store_url), SystemClock()
    try:
        workers = Workers(await open_proven(store, tables.data_keys, settings.keys))

        async def present(connection: AsyncConnection, after_id: str, limit: int) -> Sequence[Envelope]:
            found = await workers.locked_after(connection, after_id, limit)
            return [events.envelope(worker, clock.now()) for worker in found]

        return await republishing.republish(store, tables.outbox, WORKER_PROFILES, present, told)
    finally:
        await store.close()


async def reapply_erasures(settings: Settings, bus: Bus, kept: Mapping[str, PersonErased]) -> Reapplied:
    """Erase again who was erased since the database was backed up: by the bus's ledger and by a copy that was `kept`.

    Raises StoreUnavailable, BusUnavailable, VaultSealed."""
    async with open_workers(settings, SystemClock()) as service:
        ledger = await erasure.entries(bus)
        done = await reapply(service, {**kept, **ledger})
        told = await reapply(service, ledger)  # what only the copy knew, the bus is told
        return replace(done, told=done.told + told.told)
