"""Speaking to a real Elasticsearch beside the index under test: what an operator, a full disk or a crash would do to it."""

import json
import urllib.request
from typing import Any

from tests.servers.server import Server


def ask(server: Server, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """One request; its answer as JSON. Raises urllib.error.HTTPError."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(  # noqa: S310 - a test's own server
        f"{server.url}/{path}", data, {"Content-Type": "application/json"}, method=method
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.loads(answer.read())


def delete_indices(server: Server, prefix: str) -> None:
    """Remove everything whose name begins with `prefix`."""
    for name in ask(server, "GET", f"{prefix}*?expand_wildcards=all"):
        ask(server, "DELETE", name)
