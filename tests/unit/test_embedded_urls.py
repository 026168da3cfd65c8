"""URLs of embedded backends name absolute paths, letter for letter."""

from pathlib import Path

import pytest

from services.kernel.settings import Settings
from services.kernel.urls import embedded_path, embedded_url


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


@pytest.mark.parametrize("place", ["/var/yungong/index", "/srv/数据 100%/台账?#1/bus.db"])
def test_a_place_survives_its_url(place: str) -> None:
    assert embedded_path(embedded_url(Path(place))) == Path(place)


def test_the_default_backends_stand_in_the_data_directory(tmp_path: Path) -> None:
    data = tmp_path / "县里 的数据"
    settings = Settings(_env_prefix="NOTHING_", data=data)
    assert embedded_path(settings.bus_url) == data / "bus.db"
    assert embedded_path(settings.index_url) == data / "index"
