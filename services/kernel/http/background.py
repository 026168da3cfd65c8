"""Background work as a part of an application, so that health port and metrics tell of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from services.kernel.supervision import Supervisor


@dataclass(frozen=True, slots=True)
class Background:
    """Supervised works, and how their backlog is measured."""

    supervisor: Supervisor
    measurement: Callable[[], Awaitable[None]]

    async def ready(self) -> Mapping[str, str]:
        """Work → "" while it gets on, else what it waits for."""
        return await self.supervisor.ready()

    async def measure(self) -> None:
        """Set the gauges. Raises what the backends raise."""
        await self.measurement()
