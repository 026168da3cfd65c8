"""What the tests need of the machine: a place for downloads, an account without rights, free ports."""

import fcntl
import os
import pwd
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

IS_ROOT: Final = os.geteuid() == 0
ACCOUNT: Final = pwd.getpwnam("nobody") if IS_ROOT else pwd.getpwuid(os.geteuid())
"""Whom servers run as: PostgreSQL and Elasticsearch refuse to run as root."""


class Missing(Exception):
    """The machine lacks what a server needs; the message says what."""


def cache() -> Path:
    """Where downloads are kept between sessions, outside the tree; readable to the servers' account."""
    default = Path("/var/cache/yungong-servers") if IS_ROOT else Path("~/.cache/yungong-servers").expanduser()
    place = Path(os.environ.get("YUNGONG_SERVERS_CACHE", default))
    place.mkdir(parents=True, exist_ok=True)
    return place


@contextmanager
def alone(name: str) -> Iterator[None]:
    """One session at a time: others that want the same download wait for it."""
    with (cache() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def program(name: str) -> str:
    """Where a program is. Raises Missing."""
    found = shutil.which(name)
    if found is None:
        raise Missing(f"{name} is not installed")
    return found


def working_directory(name: str) -> Path:
    """A new directory for one server's data and logs, short enough for a socket's path, owned by its account."""
    place = Path(tempfile.mkdtemp(prefix=f"yungong-{name}-"))
    give(place)
    return place


def give(*places: Path) -> None:
    """Let the servers' account own the files and directories, with all that they hold."""
    if IS_ROOT:
        for place in places:
            for path in (place, *place.rglob("*")):
                os.chown(path, ACCOUNT.pw_uid, ACCOUNT.pw_gid)


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
