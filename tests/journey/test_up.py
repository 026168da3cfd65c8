"""The clerk's whole way in a process of its own: register in, ranked candidates out; kill -9 and Ctrl-C on the way."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from services.cli import data_directory
from services.cli.client import Client, find
from tests.registers import REGISTER, person, table, xlsx

POSTINGS = REGISTER.with_name("岗位需求表.xlsx")
PATIENCE_S = 60.0


@dataclass
class Running:
    """A server process and what it has said so far."""

    process: subprocess.Popen[str]
    said: list[str]

    def wait(self) -> int:
        return self.process.wait(PATIENCE_S)


def environment() -> dict[str, str]:
    """Ours, without settings of the one who runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("YUNGONG_")} | {"COLUMNS": "200"}


def command(name: str, data: Path) -> list[str]:
    return [sys.executable, "-m", "services", name, "--data", str(data)]


@contextmanager
def up(data: Path, *options: str) -> Iterator[Running]:
    """`python -m services up` until it says that it is ready; killed at the end if it still runs."""
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [*command("up", data), "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(),
    ) as process:
        running = Running(process, [])
        try:
            assert process.stdout is not None
            for line in process.stdout:
                running.said.append(line)
                if "按 Ctrl-C 停止" in line:
                    break
            assert process.poll() is None, "".join(running.said)
            # What it says later must not fill the pipe.
            threading.Thread(target=running.said.extend, args=(process.stdout,), daemon=True).start()
            yield running
        finally:
            process.kill()


def yungong(data: Path, *arguments: str) -> Any:
    """What a command prints with --json."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "services", *arguments, "--data", str(data), "--json"],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        env=environment(),
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def settled(data: Path) -> dict[str, Any]:
    """The status once nothing is under way."""
    deadline = time.monotonic() + PATIENCE_S
    while any((status := yungong(data, "status"))["lag"].values()):
        assert time.monotonic() < deadline, status
    return dict(status)


@contextmanager
def interface(data: Path) -> Iterator[Client]:
    client = Client(find(None, data))
    try:
        yield client
    finally:
        client.close()


def test_register_in_ranked_candidates_out(tmp_path: Path) -> None:
    data = tmp_path / "var"
    with up(data, "--no-sample") as running:
        done = yungong(data, "import", "workers", str(REGISTER))
        assert (done["accepted"], done["warned"], done["rejected"]) == (143, 3, 9)
        done = yungong(data, "import", "postings", str(POSTINGS))
        assert (done["accepted"], done["rejected"]) == (30, 0)
        answer = yungong(data, "candidates", "P001")
        assert [item["rank"] for item in answer["items"]] == list(range(1, len(answer["items"]) + 1))
        assert all(item["reasons"] for item in answer["items"])
        assert yungong(data, "openings", "W001")["items"]
        status = settled(data)
        assert (status["workers"], status["indexed"]["workers"]) == (143, 143)

        running.process.send_signal(signal.SIGINT)
        assert running.wait() == 0
    assert data_directory.announced_url(data) is None


def test_a_killed_server_goes_on_with_what_it_acknowledged(tmp_path: Path) -> None:
    data, people = tmp_path / "var", 4000
    register = tmp_path / "台账.xlsx"
    register.write_bytes(xlsx(table(person(number) for number in range(1, people + 1))))
    with up(data, "--no-sample") as running:
        with interface(data) as client:
            taken = client.post_file("/v1/workers/imports", register)
            while not (before := client.get(f"/v1/workers/imports/{taken['id']}"))["rows_done"]:
                assert before["state"] in {"waiting", "running"}
        running.process.kill()
        running.wait()
    with up(data, "--no-sample"), interface(data) as client:
        while (after := client.get(f"/v1/workers/imports/{taken['id']}"))["state"] in {"waiting", "running"}:
            assert after["rows_done"] >= before["rows_done"]
            time.sleep(0.1)
        assert (after["state"], after["accepted"], after["rejected"]) == ("done", people, 0)
        status = settled(data)
        assert (status["workers"], status["indexed"]["workers"]) == (people, people)


def test_the_first_start_brings_a_sample_and_a_second_one_not_again(tmp_path: Path) -> None:
    data = tmp_path / "var"
    with up(data) as running:
        assert "劳动力 60 人，岗位 14 个" in "".join(running.said)
        assert yungong(data, "candidates", "G001")["items"]
        running.process.send_signal(signal.SIGTERM)
        assert running.wait() == 0
    with up(data) as running:
        assert "示例" not in "".join(running.said)
        assert settled(data)["workers"] == 60


def test_a_data_directory_serves_one_server(tmp_path: Path) -> None:
    data = tmp_path / "var"
    with up(data, "--no-sample") as running:
        second = subprocess.run(  # noqa: S603 - our own interpreter
            [*command("up", data), "--port", "0"], capture_output=True, text=True, env=environment(), check=False
        )
        assert second.returncode == 1
        assert str(running.process.pid) in second.stderr
        assert "换一个目录" in second.stderr


@pytest.mark.parametrize("port", ["70000", "abc"])
def test_a_port_that_cannot_be_is_wrong_usage(tmp_path: Path, port: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [*command("up", tmp_path), "--port", port], capture_output=True, text=True, env=environment(), check=False
    )
    assert done.returncode == 2
