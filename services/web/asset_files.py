"""The pages' own files: served by us, named with their hash so that browsers may keep them for good."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

FOLDER: Final = Path(__file__).with_name("assets")
PATH: Final = "/assets"
_FOR_GOOD: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "public, no-cache"


class _Files(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = _FOR_GOOD if scope["query_string"].startswith(b"v=") else _ASK_AGAIN
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def asset_files() -> ASGIApp:
    """The application that serves them, compressed: lines in the mountains are slow."""
    return GZipMiddleware(_Files(directory=FOLDER))


@cache
def versioned(name: str) -> str:
    """The URL of an asset, which changes when its content does. Raises FileNotFoundError."""
    digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]
    return f"{PATH}/{name}?v={digest}"
