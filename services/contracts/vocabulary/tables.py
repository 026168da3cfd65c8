"""Reading the tables of this folder, and the spelling that look-ups forgive."""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from importlib.resources import files

_BRACKETED = re.compile(r"\([^()]*\)")
_BLANKS = re.compile(r"\s+")


def rows(name: str) -> Iterator[Mapping[str, str]]:
    """The rows of `<name>.csv`, heading -> cell. Raises FileNotFoundError for a table that is not there."""
    text = files(__package__).joinpath(f"{name}.csv").read_text("utf-8")
    yield from csv.DictReader(text.splitlines())


def split_list(cell: str) -> tuple[str, ...]:
    """The parts of a cell that lists names with `;`."""
    return tuple(part for part in (piece.strip() for piece in cell.split(";")) if part)


def spelling(text: str) -> str:
    """One spelling for look-ups: full-width forms folded (NFKC), blanks gone, lower case."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).lower()


def without_brackets(text: str) -> str:
    """The spelling without bracketed remarks: 脱贫户(享受政策) -> 脱贫户."""
    return _BRACKETED.sub("", spelling(text))
