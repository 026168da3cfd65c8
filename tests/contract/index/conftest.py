"""Each test of the index's law runs once for each sibling."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from services.kernel.ids import new_id
from services.kernel.index import Generation, Index, open_index
from tests.contract.index.elastic_server import delete_indices
from tests.contract.index.people import SCHEMA
from tests.servers.server import Server


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.real)])
def index_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an index of this test's own, with nothing in it."""
    if request.param == "elasticsearch":
        server: Server = request.getfixturevalue("elasticsearch_server")
        prefix = new_id("test").lower()
        yield f"{server.url}?prefix={prefix}"
        delete_indices(server, prefix)
    else:
        yield f"embedded://{tmp_path / '索引 %1'}"


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
