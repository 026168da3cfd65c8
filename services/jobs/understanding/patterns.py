"""The tables of words of this room: named regular expressions over folded words, read once."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


@cache
def table(name: str) -> Mapping[str, Any]:
    """The table `<name>.toml` beside this module."""
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text("utf-8"))


@cache
def patterns(name: str, section: str) -> Mapping[str, re.Pattern[str]]:
    """The patterns of a table's section, in the table's order."""
    return {key: re.compile(words) for key, words in table(name)[section].items()}
