"""An application on a loopback port of its own, served from a thread of this process."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from fastapi import FastAPI

START_WITHIN_S: Final = 60


@contextmanager
def served(application: FastAPI) -> Iterator[str]:
    """The base URL of the application while it is served. Raises TimeoutError when it does not start."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    # asyncio sets this only on sockets whose protocol is spelled out; without it every answer waits 40 ms to be acknowledged.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server = uvicorn.Server(uvicorn.Config(application, lifespan="on", log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_WITHIN_S
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise TimeoutError("the application did not start")
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(START_WITHIN_S)
