"""The data tables of kernel/text/data, read once."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> Mapping[str, Any]:
    """The table `<name>.toml`. Raises FileNotFoundError when it is not there."""
    return tomllib.loads(files("services.kernel.text").joinpath("data", f"{name}.toml").read_text("utf-8"))
