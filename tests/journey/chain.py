"""The real chain as processes of their own: services, relays and indexer, each started, killed and started again by name."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx

from services.kernel.http.local_credential import LocalCredential
from services.kernel.settings import PREFIX, Settings
from tests.builders import settings
from tests.processes import Running, closed_port, running, yungong

SERVICES: Final = ("workers", "jobs", "matcher")
EVERYBODY: Final[Mapping[str, Sequence[str]]] = {
    **{name: ("serve", name) for name in SERVICES},
    "workers-relay": ("relay", "workers"),
    "jobs-relay": ("relay", "jobs"),
    "indexer": ("index", "run"),
}


@dataclass
class Chain:
    """`settings` are those of every process."""

    data: Path
    settings: Settings
    environment: Mapping[str, str]
    ports: Mapping[str, int] = field(default_factory=lambda: {name: closed_port() for name in SERVICES})
    processes: dict[str, Running] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)

    def start(self, *names: str) -> None:
        """Start these at once, and wait until all of them serve."""
        with ThreadPoolExecutor() as pool:
            starting = {name: pool.submit(self._start, name) for name in names}
        self.processes |= {name: one.result() for name, one in starting.items()}

    def _start(self, name: str) -> Running:
        port = ("--port", str(self.ports[name])) if name in SERVICES else ()
        return self._stack.enter_context(running(self.data, *EVERYBODY[name], *port, "--health-port", "0", **self.environment))

    def kill(self, name: str) -> None:
        """SIGKILL."""
        self.processes[name].process.kill()
        self.processes[name].process.wait()

    def terminate_all(self) -> dict[str, int]:
        """Exit codes after SIGTERM. Raises TimeoutExpired for one that takes more than ten seconds."""
        return {name: process.terminate() for name, process in self.processes.items()}

    def client(self, service: str) -> httpx.AsyncClient:
        """Speaks to one service."""
        headers = {"Authorization": f"Bearer {LocalCredential.read(self.data)}"}
        url = f"http://127.0.0.1:{self.ports[service]}"
        return httpx.AsyncClient(base_url=url, headers=headers, trust_env=False, timeout=30)

    def close(self) -> None:
        self._stack.close()


@contextmanager
def real_chain(data: Path, urls: Mapping[str, str]) -> Iterator[Chain]:
    """A chain on these backends (field of Settings → URL), migrated and not started; its processes end with the block."""
    environment = {f"{PREFIX}{name.upper()}": url for name, url in urls.items()}
    migrated = yungong(data, "migrate", **environment)
    assert migrated.returncode == 0, migrated.stderr
    chain = Chain(data, settings(data, **urls), environment)
    try:
        yield chain
    finally:
        chain.close()
