"""Tables of cues: named regular expressions of a data table's section, compiled once."""

import re
from collections.abc import Mapping
from functools import cache

from services.kernel.text.facts import tables


@cache
def section(table: str, *path: str) -> Mapping[str, re.Pattern[str]]:
    """The patterns at `[path]` in `<table>.toml`, by name; what is no pattern (labels, lists) is left out."""
    found = tables.load(table)
    for name in path:
        found = found[name]
    return {key: re.compile(value) for key, value in found.items() if isinstance(value, str) and key != "label"}
