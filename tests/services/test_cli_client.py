"""How the command line finds the server, and to whom it shows the local credential."""

from pathlib import Path

import pytest

from services.cli import data_directory
from services.cli.client import USUAL_URL, Client, Target, Unreachable, find
from services.kernel.http.local_credential import LocalCredential


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("YUNGONG_CREDENTIAL", "YUNGONG_URL", "YUNGONG_DATA"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    LocalCredential.ensure(tmp_path)
    return tmp_path


def test_the_server_of_the_data_directory_is_found(data: Path) -> None:
    with data_directory.announced(data, "http://127.0.0.1:8123"):
        assert find(None, data) == Target("http://127.0.0.1:8123", LocalCredential.read(data))


def test_without_an_announcement_it_is_the_usual_local_one(data: Path) -> None:
    assert find(None, data).url == USUAL_URL


def test_a_url_that_is_given_wins(data: Path) -> None:
    with data_directory.announced(data, "http://127.0.0.1:8123"):
        assert find("http://localhost:9000/", data) == Target("http://localhost:9000", LocalCredential.read(data))


@pytest.mark.parametrize("url", ["http://203.0.113.9:8000", "https://yungong.example", "http://127.0.0.1.evil.example"])
def test_the_local_credential_is_not_shown_to_other_machines(data: Path, url: str) -> None:
    assert find(url, data) == Target(url, None)


def test_a_server_of_ours_on_a_network_address_is_shown_its_own_credential(data: Path) -> None:
    with data_directory.announced(data, "http://192.168.1.20:8000"):
        assert find(None, data).token == LocalCredential.read(data)


def test_a_credential_from_the_environment_is_for_whatever_server_is_named(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YUNGONG_CREDENTIAL", "k1.secret")
    assert find("https://yungong.example", data) == Target("https://yungong.example", "k1.secret")


def test_no_credential_is_no_token(tmp_path: Path) -> None:
    assert find(None, tmp_path).token is None


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://[bad", "ftp://127.0.0.1"])
def test_nobody_there_is_unreachable(url: str) -> None:
    client = Client(Target(url, None))
    try:
        with pytest.raises(Unreachable, match="yungong up"):
            client.get("/livez")
    finally:
        client.close()
