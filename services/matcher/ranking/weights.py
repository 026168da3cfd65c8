"""The weights of the score's parts, from weights.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

Direction = Literal["candidates", "openings"]
OVERALL: Final = "overall"


@dataclass(frozen=True, slots=True)
class Weights:
    """By direction: `of`, part -> weight; `powers`, part -> its power in the overall product."""

    version: str
    of: Mapping[Direction, Mapping[str, float]]
    powers: Mapping[Direction, Mapping[str, float]]


@cache
def load() -> Weights:
    """The weights of this version of the code."""
    table = tomllib.loads(files("services.matcher.ranking").joinpath("weights.toml").read_text("utf-8"))
    directions: tuple[Direction, Direction] = ("candidates", "openings")
    return Weights(
        table["version"],
        {direction: table[direction] for direction in directions},
        {direction: table[f"{direction}_powers"] for direction in directions},
    )
