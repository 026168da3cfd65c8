"""Nested records in tantivy, which knows none: each value is a term that names its record's place in the document.

A record at place 2 with {"name": "健康证", "level": 5} becomes the terms `2`, `2␟name`, `2␟name␟健康证`, `2␟level`, `2␟level␟5`
of one field; a query is asked of every place that there is. Numbers and dates are compared among the terms that there are.
"""

from collections.abc import Callable, Iterator

from services.kernel.index import requests
from services.kernel.index.documents import Value, Values
from services.kernel.index.embedded_values import as_integer
from services.kernel.index.port import Exists, Holds, Near, Nested, Range, Schema, Term

_SEPARATOR = "\x1f"


def tokens(records: list[Values]) -> Iterator[str]:
    """The terms of a document's records."""
    for place, record in enumerate(records):
        yield str(place)
        for name, values in record.items():
            yield _joined(str(place), name)
            yield from (_joined(str(place), name, _plain(value)) for value in values)


def places(vocabulary: Callable[[str], list[str]]) -> list[str]:
    """The places at which any document keeps a record."""
    return [term for term in vocabulary("") if _SEPARATOR not in term]


class RecordTokens:
    """The terms that a leaf of a query stands for at one place."""

    def __init__(self, record: Schema, place: str, vocabulary: Callable[[str], list[str]]) -> None:
        self._record = record
        self._place = place
        self._vocabulary = vocabulary

    def of(self, leaf: Term | Range | Exists | Holds | Near | Nested) -> list[Value]:
        """Any of these is held. Raises UnfitGeneration, ValueError."""
        match leaf:
            case Term(field):
                return [_joined(self._place, field, _plain(value)) for value in requests.term_values(self._record, leaf)]
            case Range(field):
                low, high = (None if one is None else as_integer(one) for one in requests.range_bounds(self._record, leaf))
                return [term for term in self._vocabulary(_joined(self._place, field, "")) if _between(term, low, high)]
            case Exists(field):
                requests.check_held(self._record, field)
                return [_joined(self._place, field)]
            case Holds():
                requests.held_tokens(self._record, leaf)
            case Near():
                requests.centre(self._record, leaf)
            case Nested():
                requests.record_schema(self._record, leaf)
        raise AssertionError(f"a nested record cannot hold {leaf.field}")


def _joined(*parts: str) -> str:
    return _SEPARATOR.join(parts)


def _plain(value: Value) -> str:
    return value if isinstance(value, str) else str(as_integer(value))


def _between(term: str, low: int | None, high: int | None) -> bool:
    number = int(term.rpartition(_SEPARATOR)[2])
    return (low is None or number >= low) and (high is None or number <= high)
