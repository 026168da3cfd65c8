"""The sample register and openings that a first `up` loads, by the same import as a user's file.

Invented people: identity numbers from the unassigned area 5399xx, phones from the unassigned range 154 0000.
"""

from pathlib import Path
from typing import Final

from services.cli.client import Client
from services.cli.imports import Kind, take_in

FILES: Final[dict[Kind, Path]] = {
    "workers": Path(__file__).parent / "sample" / "workers.xlsx",
    "postings": Path(__file__).parent / "sample" / "postings.xlsx",
}
_MARK: Final = "sample"
_LOADING: Final = "loading\n"
_LOADED: Final = "loaded\n"


def is_due(client: Client, data: Path) -> bool:
    """Whether to load it: never before into this directory and nothing else there, or a load that was cut short."""
    mark = data / _MARK
    if mark.exists():
        return mark.read_text("ascii") == _LOADING
    return not any((client.get("/v1/workers/counts")["workers"], client.get("/v1/postings/counts")["postings"]))


def load(client: Client, data: Path) -> dict[Kind, int]:
    """Import both files; how many of each were accepted. A load that is cut short is done again at the next start."""
    mark = data / _MARK
    mark.write_text(_LOADING, "ascii")
    accepted = {kind: int(take_in(client, kind, file)["accepted"]) for kind, file in FILES.items()}
    mark.write_text(_LOADED, "ascii")
    return accepted
