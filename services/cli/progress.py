"""What the server has done so far, as every command asks it: counts, lag per hop, and waiting until the lag is gone."""

import time
from typing import Any, Final

from services.cli.client import Client
from services.contracts.topics import JOB_POSTINGS, WORKER_PROFILES

WAIT_S: Final = 30.0
_EVERY_S: Final = 0.2

_HOPS: Final = {WORKER_PROFILES.name: "workers_index", JOB_POSTINGS.name: "postings_index"}

Status = dict[str, Any]


def status(client: Client) -> Status:
    """Counts, what of them is searchable, the changes under way per hop, and the versions in use."""
    workers, postings = client.get("/v1/workers/counts"), client.get("/v1/postings/counts")
    index = client.get("/v1/index/status")
    return {
        "workers": workers["workers"],
        "postings": postings["postings"],
        "indexed": {"workers": index["workers"], "postings": index["postings"]},
        "lag": {
            "workers_outbox": workers["unpublished"],
            "postings_outbox": postings["unpublished"],
            **{_HOPS.get(topic, topic): behind for topic, behind in index["lag"].items()},
        },
        "versions": index["versions"],
    }


def wait_until_searchable(client: Client, within_s: float = WAIT_S) -> bool:
    """Wait until nothing is under way to the index; False when that took longer than `within_s` seconds."""
    deadline = time.monotonic() + within_s
    while any(status(client)["lag"].values()):
        if time.monotonic() > deadline:
            return False
        time.sleep(_EVERY_S)
    return True
