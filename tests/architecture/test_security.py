"""SECURITY.md names files and tests that are there: a table that lies is worse than none."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`((?:services|tests|deploy|docs)/[\w./*{},-]+)`")


def test_every_file_that_the_threat_table_names_is_there() -> None:
    named = NAMED.findall((ROOT / "SECURITY.md").read_text("utf-8"))
    assert len(named) > 30
    assert [name for name in named if not any(ROOT.glob(name.rstrip("/")))] == []


def test_every_threat_has_a_control_and_a_test() -> None:
    rows = [line for line in (ROOT / "SECURITY.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    threats = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows][1:]
    assert len(threats) >= 15
    assert [row[0] for row in threats if len(row) != 4 or not all(row) or ("test" not in row[3] and "fuzz" not in row[3])] == []
