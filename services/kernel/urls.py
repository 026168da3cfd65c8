"""URLs of embedded backends."""

import re
from pathlib import Path
from typing import Final

SCHEME: Final = "embedded://"


def embedded_path(url: str) -> Path | None:
    """The place that `embedded:///absolute/path` names, taken letter for letter (nothing is percent-decoded).

    None when the URL is of another kind, or names no absolute path.
    """
    place = url.removeprefix(SCHEME)
    if place == url or not place.startswith("/") or place.strip("/") == "":
        return None
    # A Windows path stands after the slash: embedded:///C:/data.
    return Path(place[1:] if re.match(r"/[A-Za-z]:", place) else place)


def embedded_url(place: Path) -> str:
    """The URL that names an absolute place; `embedded_path` gives the place back, whatever characters it holds."""
    posix = place.as_posix()
    return f"{SCHEME}{posix if posix.startswith('/') else f'/{posix}'}"
