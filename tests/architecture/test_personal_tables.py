"""Whoever adds a table of people says how an erased person leaves it, or that it holds nobody."""

import re
from pathlib import Path

from services.workers.erasures.traces import IMPERSONAL, PERSONAL
from services.workers.tables import metadata

ROOT = Path(__file__).parents[2]


def test_every_table_says_whose_it_is() -> None:
    known = set(PERSONAL) | set(IMPERSONAL)
    assert {table.name for table in metadata.sorted_tables} - {table.name for table in known} == set()
    assert not set(PERSONAL) & set(IMPERSONAL)


def test_whoever_asks_the_index_asks_past_the_erasure_ledger() -> None:
    asked = re.compile(r"matching\.index\.(search|get)\(")
    sources = sorted((ROOT / "services" / "matcher").rglob("*.py"))
    assert [str(path.relative_to(ROOT)) for path in sources if asked.search(path.read_text("utf-8"))] == []
