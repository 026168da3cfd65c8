"""The pages put together: their part of an application."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import httpx
from fastapi import FastAPI

from services.kernel.clock import Clock, SystemClock
from services.kernel.http.application import Part
from services.kernel.http.local_credential import LocalCredential
from services.kernel.identity.serving import application
from services.kernel.settings import Settings
from services.kernel.vault import open_vault
from services.web import importing, pages, searching, signing_in
from services.web.asset_files import PATH, asset_files
from services.web.resources import Web
from services.web.sessions import Sessions

TIMEOUT: Final = httpx.Timeout(60.0, connect=5.0)
NAME: Final = "web"
DOCS_ASSETS: Final = f"{PATH}/swagger-ui"


def build(settings: Settings | None = None) -> FastAPI:
    """The pages alone, on the interface at `settings.api_url`. Nobody is signed in locally: a proxy stands before them."""
    settings = settings or Settings()
    apart = settings.model_copy(update={"web_signs_in_locally": False})

    def interface() -> httpx.AsyncClient:
        # Proxies of the environment are for the internet, not for the bureau's own services.
        return httpx.AsyncClient(base_url=apart.api_url, timeout=TIMEOUT, trust_env=False)

    return application("云工 网页", [part(apart, SystemClock(), interface, elsewhere=True)], apart, docs_assets=DOCS_ASSETS)


def part(settings: Settings, clock: Clock, interface: Callable[[], httpx.AsyncClient], *, elsewhere: bool = False) -> Part:
    """What the pages bring to an application. `interface` makes a client of the public interface, which the part closes;
    `elsewhere`: it is another process, whose absence readiness tells."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Web]:
        local_token = LocalCredential.read(settings.data) if settings.web_signs_in_locally else None
        sessions = Sessions(open_vault(settings.web_key_file), clock, local_token)
        async with interface() as http:
            yield Web(sessions, http, elsewhere)

    return Part(
        NAME, [pages.router, searching.router, importing.router, signing_in.router], opened, mounts={PATH: asset_files()}
    )
