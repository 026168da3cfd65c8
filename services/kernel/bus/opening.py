"""From a URL to a bus."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from services.kernel.bus.embedded import EmbeddedBus
from services.kernel.bus.port import Bus


def open_bus(url: str) -> Bus:
    """A bus for `embedded:///path/of/log.db` (three slashes relative, four absolute, as in SQLAlchemy's URLs).

    Opens no connection yet. Raises ValueError for another scheme.
    """
    parts = urlsplit(url)
    if parts.scheme == "embedded" and len(parts.path) > 1:
        return EmbeddedBus(Path(unquote(parts.path[1:])))
    raise ValueError(f"no bus for {parts.scheme!r}: embedded:///path is known")
