"""One server process: started, waited for, stopped by its id; its log is kept when it fails."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.servers.machine import ACCOUNT, IS_ROOT

READY_WITHIN_S: Final = 90
STOP_WITHIN_S: Final = 20
_LAST_LINES: Final = 40
STOPPED_WITHIN_S: Final = 5.0


class ServerFailed(Exception):
    """The server ended, or was not ready in time. The message holds the end of its log."""


def as_account() -> dict[str, object]:
    """Arguments for subprocess that give up root's rights."""
    return {"user": ACCOUNT.pw_uid, "group": ACCOUNT.pw_gid, "extra_groups": []} if IS_ROOT else {}


def run(command: Sequence[str | Path], **environment: str) -> str:
    """Run a server's own tool to its end, as the servers' account; its output. Raises ServerFailed."""
    done = subprocess.run(  # noqa: S603 - our own commands
        [str(part) for part in command],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=os.environ | environment,
        **as_account(),  # type: ignore[call-overload]
    )
    if done.returncode:
        raise ServerFailed(f"{command[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return str(done.stdout)


class ServerProcess:
    """A server that runs in a process group of its own, and can be killed, frozen and started again on the same data."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        directory: Path,
        ready: Callable[[], bool],
        environment: Mapping[str, str],
    ) -> None:
        """`ready` is asked until it says True. The log is `directory`/log."""
        self.name = name
        self._command = [str(part) for part in command]
        self._directory = directory
        self._ready = ready
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self._directory / "log"

    def start(self) -> None:
        """Start, and return when it is ready. Raises ServerFailed."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                self._command,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=self._directory,
                env=os.environ | self._environment,
                start_new_session=True,
                **as_account(),  # type: ignore[call-overload]
            )
        deadline = time.monotonic() + READY_WITHIN_S
        while not self._ready():
            if self._running().poll() is not None or time.monotonic() > deadline:
                self.kill()
                end = "\n".join(self.log.read_text(errors="replace").splitlines()[-_LAST_LINES:])
                raise ServerFailed(f"{self.name} did not become ready; its log {self.log} ends with\n{end}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop in order; by force when that takes too long."""
        self._signal(signal.SIGTERM)
        try:
            self._running().wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """A crash: SIGKILL to the whole group."""
        self._signal(signal.SIGKILL)
        self._running().wait()

    def freeze(self) -> None:
        """SIGSTOP: the sockets stay open and nobody answers."""
        self._signal(signal.SIGSTOP)
        # The signal reaches the threads one by one: until the last has stopped, the server may still answer.
        deadline = time.monotonic() + STOPPED_WITHIN_S
        while not self._all_threads_stopped():
            assert time.monotonic() < deadline, f"{self.name} does not freeze"
            time.sleep(0.01)

    def _all_threads_stopped(self) -> bool:
        threads = Path(f"/proc/{self._running().pid}/task").glob("*/stat")
        return all(stat.read_text().rpartition(") ")[2].startswith("T") for stat in threads)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _running(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None, f"{self.name} was not started"
        return self._process

    def _signal(self, number: int) -> None:
        if self._running().poll() is None:
            os.killpg(self._running().pid, number)
