"""Services and relays as processes of their own: they ask for their tables, take writes while the bus is away, end in order."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from services.kernel.http.local_credential import LocalCredential
from tests.builders import new_posting
from tests.processes import closed_port, environment, running, yungong

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory whose databases are migrated."""
    assert yungong(tmp_path / "var", "migrate").returncode == 0
    return tmp_path / "var"


def credential(data: Path) -> dict[str, str]:
    return {"Authorization": f"Bearer {LocalCredential.read(data)}"}


@pytest.mark.parametrize("command", [("serve", "jobs"), ("relay", "workers")])
def test_without_its_tables_a_process_says_what_to_run(tmp_path: Path, command: tuple[str, str]) -> None:
    bus = f"kafka://127.0.0.1:{closed_port()}"
    refused = yungong(tmp_path / "var", *command, YUNGONG_BUS_URL=bus)
    assert refused.returncode == 1
    assert f"yungong migrate {command[1]}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_tables_of_another_version_are_refused(data: Path) -> None:
    with sqlite3.connect(data / "jobs.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    refused = yungong(data, "serve", "jobs")
    assert refused.returncode == 1
    assert "9999" in refused.stderr


def test_migrations_at_once_and_again_do_no_harm(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "services", "migrate", "--data", str(tmp_path / "var")]
    together = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment())  # noqa: S603
        for _ in range(3)
    ]
    said = [one.communicate(timeout=60)[0] for one in together]
    assert [one.returncode for one in together] == [0, 0, 0], said
    assert yungong(tmp_path / "var", "migrate", "jobs").returncode == 0


def test_a_service_alone_takes_writes_and_tells_of_itself(data: Path) -> None:
    with running(data, "serve", "jobs", "--port", "0", "--health-port", "0") as jobs:
        headers = credential(data) | {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "Idempotency-Key": "one"}
        made = httpx.post(f"{jobs.urls['url']}/v1/postings", json=new_posting(), headers=headers, trust_env=False)
        assert made.status_code == 201, made.text
        assert jobs.get("/livez").status_code == jobs.get("/livez", beside=True).status_code == 200
        assert jobs.get("/readyz").json() == jobs.get("/readyz", beside=True).json()
        assert jobs.get("/readyz").json()["status"] == "ready"
        # On the public port figures are for those who may see them; beside it nothing else is to be had.
        assert jobs.get("/metrics").status_code == 401
        assert jobs.get("/v1/postings", beside=True, headers=credential(data)).status_code == 404
        measured = jobs.get("/metrics", beside=True).text
        assert 'route="/v1/postings",status="201"' in measured
        assert 'yungong_outbox_unpublished_events{service="jobs"} 1.0' in measured
        assert jobs.get("/metrics", headers=credential(data)).status_code == 200
        assert jobs.terminate() == 0
    lines = [line for line in jobs.said if line["event"] == "request" and line["method"] == "POST"]
    assert [line["trace_id"] for line in lines] == [TRACE]
    with sqlite3.connect(data / "jobs.db") as database:
        ((column, written),) = database.execute("SELECT traceparent, headers ->> 'traceparent' FROM outbox").fetchall()
    database.close()
    assert column == written
    assert TRACE in column


def test_a_relay_waits_for_its_bus_and_says_so(data: Path) -> None:
    with running(data, "serve", "jobs", "--port", "0") as jobs:
        headers = credential(data) | {"Idempotency-Key": "one"}
        made = httpx.post(f"{jobs.urls['url']}/v1/postings", json=new_posting(), headers=headers, trust_env=False)
        assert made.status_code == 201, made.text
    bus = f"kafka://127.0.0.1:{closed_port()}"
    with running(data, "relay", "jobs", "--health-port", "0", YUNGONG_BUS_URL=bus) as relay:
        while (ready := relay.get("/readyz")).json()["status"] == "ready":
            assert ready.status_code == 200
        assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
        assert 'yungong_outbox_unpublished_events{service="jobs"} 1.0' in relay.get("/metrics").text
        assert relay.terminate() == 0


def test_a_relay_without_a_broker_to_itself_is_refused(data: Path) -> None:
    with running(data, "relay", "jobs", "--health-port", "0") as first:
        refused = yungong(data, "relay", "workers", "--health-port", "0")
        assert refused.returncode == 1
        assert str(first.process.pid) in refused.stderr
        assert "YUNGONG_BUS_URL" in refused.stderr


def test_the_matcher_without_bus_and_index_answers_when_to_come_back(tmp_path: Path) -> None:
    away = {
        "YUNGONG_BUS_URL": f"kafka://127.0.0.1:{closed_port()}",
        "YUNGONG_INDEX_URL": f"http://127.0.0.1:{closed_port()}",
    }
    data = tmp_path / "var"
    with running(data, "serve", "matcher", "--port", "0", **away) as matcher:
        for path in ("/v1/postings/p_1/candidates", "/v1/workers/w_1/openings", "/v1/index/status"):
            answer = matcher.get(path, headers=credential(data))
            assert answer.status_code == 503, answer.text
            assert int(answer.headers["Retry-After"]) > 0
        assert matcher.get("/livez").status_code == 200
        assert matcher.get("/readyz").status_code == 503
        assert matcher.terminate() == 0


def test_the_indexer_waits_for_bus_and_index(tmp_path: Path) -> None:
    away = {
        "YUNGONG_BUS_URL": f"kafka://127.0.0.1:{closed_port()}",
        "YUNGONG_INDEX_URL": f"http://127.0.0.1:{closed_port()}",
    }
    with running(tmp_path / "var", "index", "run", "--health-port", "0", **away) as indexer:
        while (ready := indexer.get("/readyz").json())["status"] == "ready":
            pass
        assert ready["status"] == "degraded"
        assert indexer.terminate() == 0


def test_pages_alone_tell_that_their_interface_is_away(tmp_path: Path) -> None:
    api = f"http://127.0.0.1:{closed_port()}"
    with running(tmp_path / "var", "serve", "web", "--port", "0", YUNGONG_API_URL=api) as web:
        assert web.get("/readyz").json() == {"status": "degraded", "components": {"web.interface": "公开接口连不上"}}
        assert web.get("/").status_code in {200, 401, 503}
        assert web.terminate() == 0


def test_a_secrets_directory_that_is_missing_is_no_reason_to_make_new_ones(tmp_path: Path) -> None:
    refused = yungong(tmp_path / "var", "serve", "jobs", YUNGONG_SECRETS_DIR=str(tmp_path / "nowhere"))
    assert refused.returncode == 1
    assert "nowhere" in refused.stderr
    assert not (tmp_path / "var").exists()
