"""Sex, ethnicity, religion and marital status are never read where people are indexed or ranked (就业促进法 26-28)."""

import ast
from collections.abc import Iterator
from pathlib import Path

from services.contracts.events import PostingChanged, WorkerChanged, WorkerWords

ROOT = Path(__file__).parents[2]
ROOMS = ("services/matcher", "services/kernel/text/facts", "services/kernel/index")
PROTECTED = ("sex", "gender", "ethnic", "nationality", "religion", "marital", "married", "marriage", "male")
HOUSEHOLD = "household_category"


def _names(path: Path) -> Iterator[str]:
    """Every name, attribute, key and keyword that the code of a file speaks of; docstrings and comments are not code."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.arg | ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            yield str(node.slice.value)


def _files() -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def test_code_that_ranks_reads_no_protected_attribute() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in _files()
        for name in _names(path)
        if any(word in name.lower().split("_") for word in PROTECTED)
    }
    assert found == set()


def test_events_carry_none_to_read() -> None:
    fields = {*WorkerChanged.model_fields, *WorkerWords.model_fields, *PostingChanged.model_fields}
    assert [name for name in fields if any(word in name for word in PROTECTED)] == []


def test_the_household_category_opens_public_welfare_posts_and_is_counted_for_staff_and_nothing_else() -> None:
    readers = {str(path.relative_to(ROOT)) for path in _files() if HOUSEHOLD in set(_names(path))}
    assert readers <= {"services/matcher/ranking/limits.py", "services/matcher/indexer/searchable.py"}


def test_parts_of_the_score_open_no_file_and_no_connection() -> None:
    """Pure: from the standard library only what neither reads nor writes."""
    banned = {"asyncio", "socket", "httpx", "sqlalchemy", "os", "pathlib", "random", "time", "subprocess"}
    imported = {
        (str(path.relative_to(ROOT)), alias.name.split(".")[0])
        for path in sorted((ROOT / "services/matcher/ranking").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert [pair for pair in imported if pair[1] in banned] == []
