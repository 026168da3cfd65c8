"""A server that tests may use."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.servers.process import ServerProcess


@dataclass(frozen=True, slots=True)
class Server:
    """`url` in the form our settings take; `secure_url` the same over TLS and with a password, where there is such a way in.

    `process` and `directory` are None for a server that is not our process.
    """

    url: str
    process: ServerProcess | None = None
    directory: Path | None = None
    secure_url: str | None = None
    close: Callable[[], None] = lambda: None

    def stop(self) -> None:
        """Stop what we started, and remove its data."""
        self.close()
        if self.process is not None:
            self.process.stop()
        if self.directory is not None:
            shutil.rmtree(self.directory)
