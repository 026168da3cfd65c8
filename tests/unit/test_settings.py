"""Settings: embedded backends under the data directory unless a URL says otherwise."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.kernel.settings import SecretsDirectoryMissing, Settings


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"YUNGONG_{name.upper()}", raising=False)


def test_everything_lies_under_the_data_directory(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    assert settings.workers_store_url == f"sqlite+aiosqlite:///{tmp_path}/workers.db"
    assert settings.jobs_store_url == f"sqlite+aiosqlite:///{tmp_path}/jobs.db"
    assert settings.bus_url == f"embedded://{tmp_path}/bus.db"
    assert settings.index_url == f"embedded://{tmp_path}/index"
    assert settings.key_file.parent == settings.signing_key_file.parent == tmp_path


def test_a_relative_data_directory_is_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings(data=Path("here")).data == tmp_path / "here"


def test_the_environment_chooses_the_real_backends(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("YUNGONG_DATA", str(tmp_path))
    monkeypatch.setenv("YUNGONG_BUS_URL", "kafka://127.0.0.1:9092")
    settings = Settings()
    assert settings.data == tmp_path
    assert settings.bus_url == "kafka://127.0.0.1:9092"
    assert settings.index_url.startswith("embedded://")


def test_a_password_in_a_url_is_not_shown(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, jobs_store_url="postgresql+asyncpg://u:s3cret@127.0.0.1/jobs")
    assert "s3cret" not in repr(settings)


def test_a_port_out_of_range_is_refused() -> None:
    with pytest.raises(ValidationError, match="port"):
        Settings(port=70_000)


def test_a_secret_comes_from_a_file_unless_the_environment_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "yungong_workers_store_url").write_text("postgresql+asyncpg://u:s3cret@db/workers\n")
    (tmp_path / "yungong_bus_url").write_text("kafka://from-file:9092")
    monkeypatch.setenv("YUNGONG_SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("YUNGONG_BUS_URL", "kafka://from-environment:9092")
    settings = Settings(data=tmp_path)
    assert settings.workers_store_url == "postgresql+asyncpg://u:s3cret@db/workers"
    assert settings.bus_url == "kafka://from-environment:9092"


def test_secrets_that_are_not_there_are_not_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("YUNGONG_SECRETS_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(SecretsDirectoryMissing):
        Settings(data=tmp_path)


def test_keys_lie_in_the_data_directory_or_where_they_are_shared(tmp_path: Path) -> None:
    assert Settings(data=tmp_path).signing_key_file == tmp_path / "signing.key"
    assert Settings(data=tmp_path, signing_key_file=Path("/keys/signing")).signing_key_file == Path("/keys/signing")
