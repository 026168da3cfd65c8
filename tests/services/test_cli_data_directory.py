"""One server per data directory, known by the operating system's lock."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from services.cli import data_directory
from services.cli.data_directory import DataDirectoryInUse

HOLD = """
import sys, time
from pathlib import Path
from services.cli import data_directory
with data_directory.locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_server_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    directory = tmp_path / "var"
    with (
        data_directory.locked(directory),
        pytest.raises(DataDirectoryInUse, match=str(os.getpid())),
        data_directory.locked(directory),
    ):
        pass
    with data_directory.locked(directory):
        assert directory.stat().st_mode & 0o077 == 0


def test_what_a_server_writes_is_its_owners_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    old = tmp_path / "workers.db"
    old.touch(0o644)
    with data_directory.locked(tmp_path):
        new = tmp_path / "jobs.db"
        new.touch()
        assert [path.stat().st_mode & 0o077 for path in (old, new)] == [0, 0]
    after = tmp_path / "after"
    umask = os.umask(0o022)
    os.umask(umask)
    after.touch()
    assert after.stat().st_mode & 0o777 == 0o666 & ~umask


def test_a_killed_server_leaves_no_lock(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own interpreter
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert data_directory.holder(tmp_path) == str(process.pid)
        process.send_signal(signal.SIGKILL)
    assert data_directory.holder(tmp_path) is None
    with data_directory.locked(tmp_path):
        assert (tmp_path / data_directory.LOCK).read_text("ascii") == f"{os.getpid()}\n"


def test_the_url_is_announced_while_it_is_served(tmp_path: Path) -> None:
    assert data_directory.announced_url(tmp_path) is None
    with data_directory.announced(tmp_path, "http://127.0.0.1:8123"):
        assert data_directory.announced_url(tmp_path) == "http://127.0.0.1:8123"
    assert data_directory.announced_url(tmp_path) is None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"url": 7}', "half a fi"])
def test_a_damaged_announcement_is_no_announcement(tmp_path: Path, content: str) -> None:
    (tmp_path / data_directory.SERVER).write_text(content, encoding="utf-8")
    assert data_directory.announced_url(tmp_path) is None
