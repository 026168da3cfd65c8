"""From a URL to an index."""

from services.kernel.index.embedded import EmbeddedIndex
from services.kernel.index.port import Index
from services.kernel.urls import embedded_path


def open_index(url: str) -> Index:
    """An index for `embedded:///absolute/path/of/directory`.

    Opens nothing yet. Raises ValueError for another kind of URL.
    """
    if path := embedded_path(url):
        return EmbeddedIndex(path)
    raise ValueError("no index for this URL: embedded:///absolute/path is known")
