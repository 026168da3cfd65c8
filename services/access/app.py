"""The access service put together: its part of an application, and the application that is it alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from services.access import api, tables, token_route
from services.access.bootstrap import admit_first
from services.access.keys import SigningKeys
from services.access.point import OwnAccess
from services.access.resources import Access
from services.kernel.audit import Audit
from services.kernel.clock import Clock, SystemClock
from services.kernel.http.application import Part
from services.kernel.http.local_credential import LocalCredential
from services.kernel.http.paging import CursorSigner
from services.kernel.http.signing import SigningKey
from services.kernel.identity.port import Allowance
from services.kernel.identity.serving import application
from services.kernel.settings import Settings
from services.kernel.store import migrate, open_store
from services.kernel.vault import KeySource, open_proven

NAME: Final = "access"
MIGRATIONS: Final = Path(__file__).with_name("migrations")
ROUTERS: Final = (token_route.router, api.router)


@asynccontextmanager
async def open_access(settings: Settings, clock: Clock) -> AsyncIterator[Access]:
    """The service's resources, the first administrator let in. The database is at its newest revision.

    Raises StoreUnavailable, VaultSealed (the key is missing or is not the one this database was sealed with).
    """
    store = open_store(settings.access_store_url)
    try:
        vault = await open_proven(store, tables.data_keys, KeySource(settings.access_key_file, suite=settings.key_cipher))
        access = Access(
            store=store,
            keys=SigningKeys(vault),
            audit=Audit(tables.audit, vault, clock),
            clock=clock,
            cursors=CursorSigner(SigningKey.ensure(settings.signing_key_file)),
            a_day={
                Allowance.CANDIDATE_PAGES: settings.employer_candidate_pages_a_day,
                Allowance.CONTACT_REVEALS: settings.employer_contact_reveals_a_day,
            },
        )
        await admit_first(access, LocalCredential.of(settings.data, settings.credential_hash_file))
        yield access
    finally:
        await store.close()


@asynccontextmanager
async def open_migrated(settings: Settings, clock: Clock) -> AsyncIterator[Access]:
    """The same, after bringing the database to its newest revision: for the process that has it for itself."""
    await migrate(settings.access_store_url, MIGRATIONS)
    async with open_access(settings, clock) as service:
        yield service


def part(settings: Settings, clock: Clock | None = None) -> Part:
    """What this service brings to an application of all services, which migrates by itself."""
    return Part(NAME, ROUTERS, lambda: open_migrated(settings, clock or SystemClock()))


def build(settings: Settings | None = None) -> FastAPI:
    """This service alone, on a database that was migrated before."""
    settings = settings or Settings()
    alone = Part(NAME, ROUTERS, lambda: open_access(settings, SystemClock()))
    return application("云工 身份服务", [alone], settings, own=OwnAccess)
