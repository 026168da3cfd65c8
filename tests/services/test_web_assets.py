"""The files of the pages: ours or vendored, known by hash, with their licences, and nothing else."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from services.web.asset_files import FOLDER, versioned

MANIFEST = json.loads((FOLDER / "MANIFEST.json").read_text("utf-8"))
OURS = {"app.css", "app.js", "icon.svg", "swagger-ui/start.js", "MANIFEST.json"}
LICENCES = {"LICENSE", "NOTICE", "swagger-ui-bundle.js.LICENSE.txt"}
TEMPLATES = sorted((FOLDER.parent / "templates").glob("*.html"))


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: str(entry["file"]))
def test_a_vendored_file_is_what_the_manifest_says(entry: dict[str, str]) -> None:
    assert set(entry) == {"name", "version", "file", "sha256", "licence", "licence_file"}
    assert hashlib.sha256((FOLDER / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    assert (FOLDER / entry["licence_file"]).read_text("utf-8").strip()


def test_every_file_is_ours_or_in_the_manifest() -> None:
    files = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file()}
    vendored = {entry["file"] for entry in MANIFEST}
    assert {name for name in files - vendored - OURS if Path(name).name not in LICENCES} == set()
    assert vendored <= files


def test_the_url_changes_with_the_content() -> None:
    digest = hashlib.sha256((FOLDER / "app.css").read_bytes()).hexdigest()
    assert versioned("app.css") == f"/assets/app.css?v={digest[:12]}"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_pages_have_nothing_that_the_content_security_policy_blocks(template: Path) -> None:
    text = template.read_text("utf-8")
    assert not re.search(r"\bstyle\s*=|<style|\bon\w+\s*=|javascript:|hx-on|hx-vals='js", text)
    assert re.findall(r"<script(?! src=\"\{\{ asset)", text) == []
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", text) == []


def test_our_own_files_fetch_nothing_from_elsewhere() -> None:
    for name in ("app.css", "app.js", "swagger-ui/start.js"):
        assert not re.search(r"https?://|@import|url\(", (FOLDER / name).read_text("utf-8"))
