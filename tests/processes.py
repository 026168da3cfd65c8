"""`yungong` as processes: started, read by their JSON log lines, ended by signals."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

PATIENCE_S = 60.0


def environment(**settings: str) -> dict[str, str]:
    """Ours with these settings, and none of the one who runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("YUNGONG_")}
    return kept | {"COLUMNS": "200"} | settings


def yungong(data: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "services", *arguments, "--data", str(data)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        env=environment(**settings),
        check=False,
    )


def closed_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass
class Running:
    """A process that serves; `said` are its log lines so far."""

    process: subprocess.Popen[str]
    said: list[dict[str, Any]] = field(default_factory=list)
    urls: Mapping[str, str] = field(default_factory=dict)

    def get(self, path: str, *, beside: bool = False, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """A GET on its port, or on the health port beside it."""
        url = self.urls["health_url" if beside else "url"]
        return httpx.get(f"{url}{path}", headers=headers, trust_env=False, timeout=30)

    def terminate(self) -> int:
        """The exit code after SIGTERM, which may take ten seconds. Raises TimeoutExpired."""
        self.process.terminate()
        return self.process.wait(10)


@contextmanager
def running(data: Path, *arguments: str, **settings: str) -> Iterator[Running]:
    """A long-running command once it serves; killed at the end if it still runs."""
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "services", *arguments, "--data", str(data)],
        stderr=subprocess.PIPE,
        text=True,
        env=environment(**settings),
    ) as process:
        one = Running(process)
        reader = threading.Thread(target=lambda: one.said.extend(map(json.loads, process.stderr or ())), daemon=True)
        try:
            assert process.stderr is not None
            for line in process.stderr:
                one.said.append(json.loads(line))
                if one.said[-1]["event"] == "serving":
                    break
            assert process.poll() is None, one.said
            one.urls = {name: value for name, value in one.said[-1].items() if name.endswith("url")}
            reader.start()
            yield one
        finally:
            process.kill()
            process.wait()
            if reader.ident is not None:
                reader.join()
