"""docs/howto/integrate-a-portal.md is run as it stands: its commands and both programs, against the whole system."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from services.jobs.employers.uscc import check_character
from services.kernel.http.local_credential import LocalCredential
from tests.embedded_server import embedded_server

GUIDE = Path(__file__).parents[2] / "docs" / "howto" / "integrate-a-portal.md"
PATIENCE_S = 90


def blocks(language: str) -> list[str]:
    """The code of one language, in the order of the page."""
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with embedded_server(tmp_path / "data", webhooks_reach_private=True) as where:
        yield where


@pytest.fixture
def staff(tmp_path: Path, url: str) -> str:
    assert url
    return LocalCredential.read(tmp_path / "data")


def _run(command: list[str], where: Path, **environment: str) -> str:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("YUNGONG_") and "proxy" not in name.lower()
    }
    done = subprocess.run(  # noqa: S603 - the page's own code
        command, cwd=where, env=kept | environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _portal(url: str, staff: str) -> str:
    """A credential of a sandbox employer's portal, made as the page says."""
    first = "91310115MA1K00042"
    employer = {"name": "某某测试公司", "kind": "K01", "uscc": first + check_character(first), "sandbox": True}
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {staff}"}, trust_env=False, timeout=30) as client:
        made = client.post("/v1/employers", json=employer).raise_for_status().json()
        account = {"name": "测试门户", "role": "portal", "scope": {"employer_id": made["id"]}}
        credential: str = client.post("/v1/access/accounts", json=account).raise_for_status().json()["credential"]
    return credential


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq") and shutil.which("sh")), reason="curl and jq are not here")
def test_the_commands(url: str, staff: str, tmp_path: Path) -> None:
    letting_in, by_hand, feed = blocks("sh")
    portal = _run(["sh", "-ec", letting_in], tmp_path, YUNGONG_URL=url, STAFF=staff).strip()
    assert re.fullmatch(r"[\w-]+\.[\w-]+", portal)
    said = _run(["sh", "-ec", by_hand], tmp_path, YUNGONG_URL=url, PORTAL=portal)
    assert '"outcome":"created"' in said
    assert '"code":"invalid_input"' in said
    changes = json.loads(said[said.rindex('{"items"') :])
    told = [(item["external_reference"], item["version"], item["status"]) for item in changes["items"]]
    steps = ["published", "published", "paused", "published", "published", "withdrawn"]
    assert told == [*(("A-1", version, status) for version, status in enumerate(steps, start=1)), ("A-2", 1, "published")]
    answer = json.loads(_run(["sh", "-ec", feed], tmp_path, YUNGONG_URL=url, PORTAL=portal))
    assert answer["items"] == []  # a sandbox's postings are shown to nobody


def _programs() -> list[tuple[str, list[str]]]:
    return [("python", [sys.executable, "-c"]), ("js", ["node", "-e"])]


@pytest.mark.parametrize(("language", "command"), _programs(), ids=str)
def test_the_programs(language: str, command: list[str], url: str, staff: str, tmp_path: Path) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not here")
    (program,) = blocks(language)
    assert len([line for line in program.splitlines() if line.strip()]) <= 42
    said = _run([*command, program], tmp_path, YUNGONG_URL=url, PORTAL=_portal(url, staff), ANY_TIME="1").splitlines()
    taken = [json.loads(line.removeprefix("taken ")) for line in said if line.startswith("taken ")]
    assert [one.get("outcome") for one in taken] == ["created", "created", None]
    prefix = {"python": "PY", "js": "JS"}[language]
    told = sorted(line.lower() for line in said if line.startswith("told "))
    assert told == [f"told posting.published {prefix.lower()}-{number} true" for number in (1, 2)]
