"""The embedded server as a process: one socket, signals, an end within seconds."""

import asyncio
import contextlib
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from types import FrameType
from typing import Final

import uvicorn
from fastapi import FastAPI

from services.cli.console import CannotContinue

FINISH_REQUESTS_S: Final = 2
STOP_WITHIN_S: Final = 4.5


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket bound to the address; port 0 takes any free one. Raises CannotContinue when the address is taken."""
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=128)
    except OSError as taken:
        raise CannotContinue(
            f"无法在 {host}:{port} 上提供服务（{taken.strerror}）。请换一个端口，例如 --port {port + 10}。"
        ) from taken
    # asyncio sets this only on sockets whose protocol is spelled out; without it every answer waits 40 ms to be acknowledged.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def url_of(listening: socket.socket) -> str:
    """The URL under which browsers on this machine reach the socket."""
    host, port = listening.getsockname()[:2]
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(host, host)  # noqa: S104 - read, not bound
    return f"http://{name}:{port}"


class _Beside(uvicorn.Server):
    """A server that leaves the signals to another."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """They are the main server's."""
        yield


@contextlib.asynccontextmanager
async def answering(application: FastAPI, listening: socket.socket | None) -> AsyncIterator[None]:
    """Answer on a second port meanwhile; without a socket there is none."""
    if listening is None:
        yield
        return
    server = _Beside(uvicorn.Config(application, log_config=None, access_log=False, server_header=False))
    answers = asyncio.create_task(server.serve([listening]))
    try:
        yield
    finally:
        server.should_exit = server.force_exit = True
        await answers


class Server(uvicorn.Server):
    """uvicorn that says when it serves, and whose process ends in time even if something hangs.

    Cutting the process off loses nothing: what was acknowledged is on disk, as after kill -9.
    """

    def __init__(self, application: FastAPI) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                lifespan="on",
                log_config=None,
                access_log=False,
                proxy_headers=False,  # who is local is decided by the real peer
                server_header=False,
                timeout_graceful_shutdown=FINISH_REQUESTS_S,
            )
        )
        self.serving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self.serving.set()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop in order, or else at once when the time is up."""
        if not self.should_exit:
            watchdog = threading.Timer(STOP_WITHIN_S, os._exit, args=(0,))
            watchdog.daemon = True
            watchdog.start()
        super().handle_exit(sig, frame)

    async def run_until_stopped(self, listening: socket.socket) -> bool:
        """Serve until a signal says stop. False when the application did not start (its log says why)."""
        # uvicorn raises the signals again afterwards for whoever was there before: by then all is said and done.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        await self.serve([listening])
        return self.serving.is_set()
