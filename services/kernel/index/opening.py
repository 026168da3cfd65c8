"""From a URL to an index."""

from services.kernel.index.elastic_address import ElasticAddress
from services.kernel.index.embedded import EmbeddedIndex
from services.kernel.index.port import Index
from services.kernel.urls import embedded_path


def open_index(url: str) -> Index:
    """An index for `embedded:///absolute/path/of/directory`, or for `http(s)://…` (see elastic_address.py).

    Connects at the first use. Raises ValueError for another kind of URL, OSError for a secret's file that cannot be read.
    """
    if path := embedded_path(url):
        return EmbeddedIndex(path)
    if url.startswith(("http://", "https://")):
        # Half a second and 30 MB that an embedded installation need not spend.
        from services.kernel.index.elastic import ElasticIndex  # noqa: PLC0415

        return ElasticIndex(ElasticAddress.parse(url))
    raise ValueError("no index for this URL: embedded:///absolute/path and http(s)://host:port are known")
