"""The workers service put together: its part of an application, and the application that is it alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from services.kernel.bus.port import Bus
from services.kernel.clock import Clock, SystemClock
from services.kernel.http.application import Part, create_application
from services.kernel.http.idempotency import Idempotency
from services.kernel.http.local_credential import LocalCredential
from services.kernel.http.paging import CursorSigner
from services.kernel.http.signing import SigningKey
from services.kernel.imports.imports import Imports
from services.kernel.outbox import Relay
from services.kernel.settings import Settings
from services.kernel.store import Store, migrate, open_store
from services.kernel.supervision import Supervisor
from services.kernel.vault.port import Vault
from services.kernel.vault.proof import open_proven
from services.workers import tables
from services.workers.api import ROUTERS
from services.workers.register import Registration, WorkerRegister
from services.workers.repository import Workers
from services.workers.resources import WorkersService

NAME: Final = "workers"
MIGRATIONS: Final = Path(__file__).with_name("migrations")


@asynccontextmanager
async def open_workers(settings: Settings, clock: Clock) -> AsyncIterator[WorkersService]:
    """The service's resources: database at its newest revision, its vault proven, imports at work.

    Raises StoreUnavailable, VaultSealed (the key is missing or is not the one this database was sealed with).
    """
    await migrate(settings.workers_store_url, MIGRATIONS)
    store = open_store(settings.workers_store_url)
    try:
        vault = await open_proven(store, tables.vault_proof, settings.key_file)
        key = SigningKey.ensure(settings.signing_key_file)
        workers = Workers(vault)
        imports = open_imports(store, workers, vault, clock)
        async with Supervisor({"imports": imports.run}) as background:
            yield WorkersService(
                store=store,
                workers=workers,
                imports=imports,
                clock=clock,
                cursors=CursorSigner(key),
                idempotency=Idempotency(tables.idempotency, key, clock),
                background=background,
            )
    finally:
        await store.close()


def open_imports(store: Store, workers: Workers, vault: Vault, clock: Clock) -> Imports[Registration]:
    """The service's imports."""
    return Imports(store, tables.imports, vault, WorkerRegister(workers, vault, clock), clock)


def part(settings: Settings, clock: Clock | None = None) -> Part:
    """What this service brings to an application."""
    return Part(NAME, ROUTERS, lambda: open_workers(settings, clock or SystemClock()))


def relay(service: WorkersService, bus: Bus) -> Relay:
    """What tells this service's changes to the bus."""
    return Relay(service.store, tables.outbox, bus, clock=service.clock)


def build(settings: Settings | None = None) -> FastAPI:
    """This service alone."""
    settings = settings or Settings()
    return create_application(
        title="云工 人员服务",
        parts=[part(settings)],
        authenticator=LocalCredential.of(settings.data, settings.credential_hash_file),
        body_limit=settings.body_limit_bytes,
    )
