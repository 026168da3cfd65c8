"""From a URL to a bus."""

from services.kernel.bus.embedded import EmbeddedBus
from services.kernel.bus.kafka import KafkaBus
from services.kernel.bus.port import Bus
from services.kernel.urls import embedded_path


def open_bus(url: str) -> Bus:
    """A bus for `embedded:///absolute/path/of/log.db` or `kafka://host:port[,…][?…]` (see KafkaSettings).

    Opens no connection yet. Raises ValueError for another scheme, or a malformed URL.
    """
    if path := embedded_path(url):
        return EmbeddedBus(path)
    if url.startswith("kafka://"):
        return KafkaBus(url)
    raise ValueError("no bus for this URL: embedded:///absolute/path and kafka://host:port are known")
