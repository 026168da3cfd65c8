"""One spelling for search: full-width forms folded, lower case, control characters and lone surrogates gone."""

import re
import unicodedata

_UNREADABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]+")


def normalise(text: str) -> str:
    """Text as both sides of a search see it: Unicode NFKC, lower case; what no reader could see becomes a blank."""
    return unicodedata.normalize("NFKC", _UNREADABLE.sub(" ", text)).lower()
