"""The data directory of one running server: locked while it runs, and telling clients where it listens."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

LOCK: Final = "lock"
SERVER: Final = "server.json"


class DataDirectoryInUse(Exception):
    """Another process serves from this directory."""

    def __init__(self, directory: Path, pid: str) -> None:
        super().__init__(
            f"数据目录 {directory} 正被另一个云工进程使用（进程号 {pid or '未知'}）。请先停止它，或用 --data 换一个目录。"
        )


def _take(file: IO[str]) -> bool:
    """The operating system's lock: it ends with the process, also by kill -9, so that no lock is ever stale."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def _private() -> Iterator[None]:
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@contextlib.contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the directory (made with mode 0700 if missing) for this process. Raises DataDirectoryInUse.

    What the process writes meanwhile is its owner's alone, also in a directory that others may enter; so is what lay there.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _private(), (directory / LOCK).open("a+", encoding="ascii") as file:
        if not _take(file):
            file.seek(0)
            raise DataDirectoryInUse(directory, file.read(20).strip())
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        for database in directory.glob("*.db*"):
            database.chmod(0o600)
        yield


def holder(directory: Path) -> str | None:
    """The process number of the server that holds the directory, None when nobody does."""
    path = directory / LOCK
    if not path.exists():
        return None
    with path.open("r+", encoding="ascii") as file:
        return None if _take(file) else file.read(20).strip()


@contextlib.contextmanager
def announced(directory: Path, url: str) -> Iterator[None]:
    """Write server.json for clients on this machine; it goes away with an orderly stop (after a kill it is overwritten)."""
    path = directory / SERVER
    new = path.with_suffix(".new")
    new.write_text(json.dumps({"url": url, "pid": os.getpid()}) + "\n", encoding="utf-8")
    new.replace(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def announced_url(directory: Path) -> str | None:
    """The URL that the server of this directory wrote, None when there is none that can be read."""
    try:
        url = json.loads((directory / SERVER).read_text("utf-8"))["url"]
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return None
    return url if isinstance(url, str) else None
