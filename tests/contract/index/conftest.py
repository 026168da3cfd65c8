"""Each test of the index's law runs once for each sibling."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from services.kernel.index import Generation, Index, open_index
from tests.contract.index.people import SCHEMA


@pytest.fixture(params=["embedded"])
def index_url(tmp_path: Path) -> str:
    """The URL of an index of this test's own, with nothing in it."""
    return f"embedded://{tmp_path / '索引 %1'}"


@pytest.fixture
async def open_again(index_url: str) -> AsyncIterator[Callable[[], Index]]:
    """Opens the index, each time as a process that starts anew would; all are closed in the end."""
    opened: list[Index] = []

    def open_one() -> Index:
        opened.append(open_index(index_url))
        return opened[-1]

    yield open_one
    for index in opened:
        await index.close()


@pytest.fixture
async def index(open_again: Callable[[], Index]) -> Index:
    return open_again()


@pytest.fixture
async def generation(index: Index) -> Generation:
    """An active, empty generation of `people`."""
    made = await index.create(SCHEMA)
    await index.activate(made)
    return made
