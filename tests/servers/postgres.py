"""PostgreSQL from the machine's own package; installed where it is missing and we may."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.servers.machine import IS_ROOT, Missing, alone, free_ports, working_directory
from tests.servers.process import ServerFailed, ServerProcess, run
from tests.servers.server import Server

_VERSIONS: Final = Path("/usr/lib/postgresql")


def start() -> Server:
    """A new cluster on a free port, with durable commits as in production. Raises Missing, ServerFailed."""
    binaries = _binaries()
    directory = working_directory("postgres")
    data = directory / "data"
    (port,) = free_ports(1)
    run([binaries / "initdb", "-D", data, "-U", "yungong", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"])
    settings = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": str(directory)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def ready() -> bool:
        try:
            run([binaries / "pg_isready", "-h", "127.0.0.1", "-p", str(port), "-q"])
        except ServerFailed:
            return False
        return True

    process = ServerProcess("PostgreSQL", [binaries / "postgres", "-D", data, *options], directory, ready, {})
    process.start()
    return Server(f"postgresql+asyncpg://yungong@127.0.0.1:{port}/postgres", process, directory)


def _binaries() -> Path:
    found = _installed()
    if found is None and IS_ROOT and shutil.which("apt-get"):
        with alone("postgresql"):
            _install()
        found = _installed()
    if found is None:
        raise Missing("PostgreSQL's server programs (initdb, postgres) are not installed")
    return found


def _installed() -> Path | None:
    versions = sorted(_VERSIONS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return versions[-1].parent if versions else Path(on_path).parent if on_path else None


def _install() -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "postgresql"]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - fixed
        if done.returncode:
            raise Missing(f"PostgreSQL is not installed, and {' '.join(command)} failed: {done.stderr.strip()[-500:]}")
