"""The README's table of one change is true: each hop links to a file that is there, and names what stands in it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\[([^\]]+)\]\(([^)#\s]+)(#[^)]*)?\)")
SYMBOL_IN_FILE = re.compile(r"`([A-Za-z_.]+)` in \[[^\]]+\]\(([^)]+)\)")
DOCUMENTS = sorted(
    path for path in [ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
)


def _hops(readme: Path) -> list[str]:
    """The rows of the table under the heading that says «one change» / «一次变更»."""
    section = re.split(r"^## .*(?:one change|一次变更).*$", readme.read_text("utf-8"), flags=re.MULTILINE)[1]
    table = section.split("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("|")]
    return rows[2:]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    targets = [target for _, target, _ in LINK.findall(document.read_text("utf-8")) if "://" not in target]
    missing = [target for target in targets if not (document.parent / target).exists()]
    assert missing == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_every_hop_is_linked(name: str) -> None:
    hops = _hops(ROOT / name)
    assert len(hops) >= 8
    assert [hop for hop in hops if not LINK.search(hop)] == []


def test_every_hop_names_what_stands_there() -> None:
    named = [pair for hop in _hops(ROOT / "README.md") for pair in SYMBOL_IN_FILE.findall(hop)]
    assert len(named) >= 8
    for symbol, target in named:
        source = (ROOT / target).read_text("utf-8")
        assert re.search(rf"\b(?:def|class) {symbol.split('.')[-1]}\b", source), f"{symbol} is not in {target}"
