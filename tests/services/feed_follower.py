"""A follower of the public feed as a process of its own: snapshot first, then changes, its state kept on disk in one step.

    python -m tests.services.feed_follower URL TOKEN STATE.json

It may be killed at any moment: state and cursor are replaced together.
"""

import gzip
import json
import sys
import time
from pathlib import Path
from typing import Any

import httpx


def keep(path: Path, state: dict[str, Any]) -> None:
    """State and cursor in one step."""
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(state), "utf-8")
    draft.replace(path)


def begin(client: httpx.Client) -> dict[str, Any]:
    """The snapshot; an incomplete one is no beginning."""
    lines = gzip.decompress(client.get("/v1/feed/snapshot").content).splitlines()
    *openings, end = map(json.loads, lines)
    assert end["end"]
    assert end["count"] == len(openings)
    return {"cursor": end["cursor"], "versions": {one["id"]: one["version"] for one in openings}}


def follow(client: httpx.Client, state: dict[str, Any]) -> bool:
    """One page of changes laid over the state; whether there is more at once."""
    page = client.get("/v1/feed/changes", params={"after": state["cursor"], "limit": 5}).raise_for_status().json()
    for change in page["items"]:
        if change["op"] == "upsert":
            state["versions"][change["id"]] = change["version"]
        else:
            state["versions"].pop(change["id"], None)
    state["cursor"] = page["next"]
    return bool(page["more"])


def main() -> None:
    """Follow until killed."""
    url, token, path = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
        state = json.loads(path.read_text("utf-8")) if path.exists() else begin(client)
        keep(path, state)
        while True:
            more = follow(client, state)
            keep(path, state)
            if not more:
                time.sleep(0.02)


if __name__ == "__main__":
    main()
