"""Topics, secrets and the proxy's certificate as deploy/ makes them, held against what the code takes."""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from services.contracts.topics import TOPICS
from services.kernel.bus.kafka_topics import topic_settings
from services.kernel.http.local_credential import LocalCredential
from services.kernel.http.signing import SigningKey
from services.kernel.store import open_store
from services.kernel.vault import open_vault
from tests.architecture.deployment import DEPLOY, PROVINCE, ROOT, SETTINGS, compose, refusal, settings_named


def test_topics_are_those_of_the_code() -> None:
    written = yaml.safe_load((DEPLOY / "kafka-topics.yml").read_text("utf-8"))
    replication = written["replication"]
    assert written["topics"] == [
        {"name": topic.name, "partitions": topic.partitions, "configuration": topic_settings(topic, replication)}
        for topic in TOPICS
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of secrets."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    directory = tmp_path_factory.mktemp("deploy") / "secrets"
    _make(directory)
    return directory


def _make(directory: Path) -> None:
    subprocess.run([sys.executable, DEPLOY / "make-secrets", directory], check=True, capture_output=True)  # noqa: S603


def _contents(directory: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in directory.iterdir()}


def test_every_secret_of_compose_is_made_for_its_owner_alone(made: Path) -> None:
    wanted = {Path(secret["file"]).name for secret in compose(PROVINCE)["secrets"].values()}
    assert {path.name for path in made.iterdir()} == wanted | {"credential"}
    assert [path.name for path in made.iterdir() if path.stat().st_mode & 0o077] == []


async def test_the_secrets_are_what_the_code_takes(made: Path) -> None:
    for name in ("vault_key", "access_key", "web_key"):
        vault = open_vault(made / name, create=False)
        assert vault.open(vault.seal(b"13800000000", "here"), "here") == b"13800000000"
    assert len(SigningKey.ensure(made / "signing_key").secret) == 32
    token = (made / "credential").read_text().strip()
    assert (await LocalCredential.known(made / "credential_hash").authenticate(token)).id == token.partition(".")[0]
    for service in ("workers", "jobs", "access"):
        password = (made / f"{service}_database_password").read_text()
        url = (made / f"yungong_{service}_store_url").read_text()
        assert url == f"postgresql+asyncpg://{service}:{password}@postgres:5432/{service}"
        await open_store(url).close()
    assert (made / "prometheus_credential").read_text() == token
    assert (made / "elasticsearch_password").read_bytes() == (made / "elasticsearch_user_password").read_bytes()


def test_what_is_there_is_kept_and_what_is_missing_is_made(made: Path) -> None:
    before = _contents(made)
    (made / "grafana_password").unlink()
    _make(made)
    after = _contents(made)
    assert after.keys() == before.keys()
    assert {name for name in before if after[name] != before[name]} == {"grafana_password"}


def test_a_credential_that_was_moved_to_a_safe_is_not_replaced(made: Path) -> None:
    token = (made / "credential").read_text()
    (made / "credential").unlink()
    _make(made)
    assert not (made / "credential").exists()
    (made / "credential").write_text(token)
    (made / "credential").chmod(0o600)


def test_git_and_the_image_leave_secrets_alone() -> None:
    ignored = subprocess.run(["git", "check-ignore", "deploy/secrets/vault_key"], cwd=ROOT, check=False, capture_output=True)  # noqa: S607
    assert ignored.returncode == 0
    assert (ROOT / ".dockerignore").read_text("utf-8").splitlines()[1] == "*"


def test_units_and_guides_give_commands_of_ours() -> None:
    guides = [path.read_text("utf-8") for path in (ROOT / "docs" / "howto").glob("run-for-a-province*.md")]
    given = {found for text in guides for found in re.findall(r"exec \w+ yungong ([a-z -]+?)(?=`| +#|\n)", text)}
    given |= set(re.findall(r'^command \S+ "(.+)"$', (DEPLOY / "systemd" / "make-commands").read_text("utf-8"), re.MULTILINE))
    assert len(given) >= 9
    assert {words: said for words in given if (said := refusal(words.split()))} == {}


def test_units_and_guides_name_settings_of_ours() -> None:
    texts = [*(DEPLOY / "systemd").iterdir(), *(ROOT / "docs" / "howto").glob("run-for-a-province*.md")]
    assert len(texts) >= 4
    named = set().union(*(settings_named(path.read_text("utf-8")) for path in texts))
    assert named - SETTINGS == set()
