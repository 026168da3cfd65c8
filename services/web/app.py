"""The pages put together: their part of an application."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import httpx

from services.kernel.clock import Clock
from services.kernel.http.application import Part
from services.kernel.http.local_credential import LocalCredential
from services.kernel.settings import Settings
from services.kernel.vault import open_vault
from services.web import importing, pages, signing_in
from services.web.asset_files import PATH, asset_files
from services.web.resources import Web
from services.web.sessions import Sessions

NAME: Final = "web"
DOCS_ASSETS: Final = f"{PATH}/swagger-ui"


def part(settings: Settings, clock: Clock, interface: Callable[[], httpx.AsyncClient]) -> Part:
    """What the pages bring to an application. `interface` makes a client of the public interface, which the part closes."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Web]:
        local_token = LocalCredential.read(settings.data) if settings.web_signs_in_locally else None
        sessions = Sessions(open_vault(settings.web_key_file), clock, local_token)
        async with interface() as http:
            yield Web(sessions, http)

    return Part(NAME, [pages.router, importing.router, signing_in.router], opened, mounts={PATH: asset_files()})
