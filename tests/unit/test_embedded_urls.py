"""URLs of embedded backends name absolute paths, letter for letter."""

from pathlib import Path

import pytest

from services.kernel.urls import embedded_path


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("embedded:///var/lib/yungong/bus.db", "/var/lib/yungong/bus.db"),
        ("embedded:///数据 100%/a?b#c", "/数据 100%/a?b#c"),
        ("embedded:///C:/data/bus.db", "C:/data/bus.db"),
    ],
)
def test_a_path_is_taken_as_it_stands(url: str, path: str) -> None:
    assert embedded_path(url) == Path(path)


@pytest.mark.parametrize("url", ["kafka://host", "embedded://relative/path", "embedded://", "embedded:///", "/var/bus.db"])
def test_anything_else_is_no_embedded_url(url: str) -> None:
    assert embedded_path(url) is None
