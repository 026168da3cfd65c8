"""The whole system serving over a real socket, in a thread of the test process: for clients that know only HTTP."""

import asyncio
import logging
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog

from services.cli import data_directory, embedded
from services.cli.server import Server, listening_socket, url_of
from services.kernel import logs
from tests.builders import CLOCK, settings


@contextmanager
def quiet_logs() -> Iterator[None]:
    """Warnings on the real standard error only: what a command prints in this process is under test."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    logs.configure("WARNING", "console", sys.__stderr__)
    try:
        yield
    finally:
        root.handlers, root.level = handlers, level
        structlog.reset_defaults()


@contextmanager
def embedded_server(data: Path, **changes: Any) -> Iterator[str]:
    """Its URL, announced in `data`; the clock stands at tests.builders.TODAY. `changes`: of the settings."""
    with quiet_logs(), listening_socket("127.0.0.1", 0) as listening:
        server = Server(embedded.build(settings(data, **changes), CLOCK))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive(), "the server did not start"
                time.sleep(0.02)
            with data_directory.announced(data, url_of(listening)):
                yield url_of(listening)
        finally:
            server.should_exit = True
            thread.join()
