"""From a URL to a bus."""

from services.kernel.bus.embedded import EmbeddedBus
from services.kernel.bus.port import Bus
from services.kernel.urls import embedded_path


def open_bus(url: str) -> Bus:
    """A bus for `embedded:///absolute/path/of/log.db`.

    Opens no connection yet. Raises ValueError for another scheme.
    """
    if path := embedded_path(url):
        return EmbeddedBus(path)
    raise ValueError("no bus for this URL: embedded:///absolute/path is known")
