"""Which documents fit a schema, and the plain form that both siblings index. What does not fit is refused by both alike."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import orjson

from services.kernel.index.port import MAX_NESTED, Document, FieldKind, Point, Schema

Value = str | int | bool | date | Point
"""One searchable value. A text field holds at most one: its tokens joined by blanks."""

EMPTY_TEXT: Final = "\ue000"
"""Indexed where a text field holds no token, so that both siblings count the document in their averages (port.py)."""

MAX_VERSION: Final = 2**63 - 1
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_MAX_INTEGER: Final = 2**63 - 1
_MAX_ID_BYTES: Final = 512  # Elasticsearch's limit of _id
_POLE: Final = 90.0
_ANTIMERIDIAN: Final = 180.0
_DECIMALS: Final = 6
_MAX_TOKEN_LENGTH: Final = 255  # beyond it Lucene's whitespace tokenizer cuts a token in two


class Unfit(ValueError):
    """The document can never be indexed under this schema. The message names the field, never its value."""


Values = Mapping[str, list[Value]]
"""The searchable values of a document or of a nested record, by field; fields without a value are left out."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a document is found by."""

    fields: Values
    nested: Mapping[str, list[Values]]

    @property
    def held(self) -> list[str]:
        """The names of the fields that hold anything."""
        return [*self.fields, *self.nested]


def check_schema(schema: Schema) -> None:
    """Raises ValueError for a collection or field name that is not `lower_case1` (others are the index's own, or no name), for
    a name that stands for two fields, and for a kind that a nested record cannot hold."""
    parts = [name for record in schema.nested.values() for name in record]
    for name in (schema.collection, *schema.fields, *schema.nested, *parts):
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name for a collection or field")
    if both := schema.fields.keys() & schema.nested.keys():
        raise ValueError(f"{sorted(both)} are declared twice")
    if any(kind in {FieldKind.TEXT, FieldKind.POINT} for record in schema.nested.values() for kind in record.values()):
        raise ValueError("a nested record holds neither text nor points")


def fit(schema: Schema, document: Document) -> Fitted:
    """What the document is found by. Raises Unfit."""
    _check_identity(document)
    if document.tombstone:
        if document.fields or document.source:
            raise Unfit("a tombstone holds nothing")
        return Fitted({}, {})
    nested = {name: given for name, given in document.fields.items() if name in schema.nested}
    fields = {name: given for name, given in document.fields.items() if name not in nested}
    records = {name: _records(name, schema.nested[name], given) for name, given in nested.items()}
    return Fitted(_values(schema.fields, fields), {name: found for name, found in records.items() if found})


def _records(name: str, kinds: Mapping[str, FieldKind], given: Any) -> list[Values]:
    several = _several(given)
    if len(several) > MAX_NESTED:
        raise Unfit(f"{name}: more than {MAX_NESTED} records")
    if not all(isinstance(record, Mapping) for record in several):
        raise Unfit(f"{name}: not a record")
    return [_values(kinds, record, f"{name}.") for record in several]


def _values(kinds: Mapping[str, FieldKind], given: Mapping[str, Any], within: str = "") -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for name, value in given.items():
        kind = kinds.get(name)
        if kind is None:
            raise Unfit(f"unknown field {within + name!r}")
        values = [_READERS[kind](within + name, one) for one in _several(value)]
        if kind is not FieldKind.TEXT:  # tantivy would count a value twice that stands there twice
            values = list(dict.fromkeys(values))
        if kind is FieldKind.TEXT and values:
            values = [" ".join(map(str, values))]
        if values:
            found[name] = values
    return found


def source_bytes(source: Mapping[str, Any]) -> bytes:
    """The source as JSON in UTF-8. Raises Unfit when it is not JSON-able."""
    try:
        return orjson.dumps(source)
    except TypeError as error:
        raise Unfit(f"the source is not JSON: {error}") from error


def check_value(kind: FieldKind, name: str, value: object) -> Value:
    """A value as a field of this kind holds it (text: its tokens joined by single blanks). Raises Unfit."""
    return _READERS[kind](name, value)


def encodable(ids: Iterable[str]) -> list[str]:
    """The ids that a document can have at all, each once."""
    return [id_ for id_ in dict.fromkeys(ids) if id_ and not any("\ud800" <= character <= "\udfff" for character in id_)]


def _check_identity(document: Document) -> None:
    if not 1 <= len(_utf8("id", document.id)) <= _MAX_ID_BYTES:
        raise Unfit(f"an id has 1 to {_MAX_ID_BYTES} bytes")
    if type(document.version) is not int or not 1 <= document.version <= MAX_VERSION:
        raise Unfit(f"a version is an integer from 1 to {MAX_VERSION}")


def _several(given: Any) -> list[Any]:
    many = list(given) if isinstance(given, list | tuple | set | frozenset) else [given]
    return [value for value in many if not (value is None or (isinstance(value, str) and not value.strip()))]


def _utf8(name: str, text: object) -> bytes:
    if not isinstance(text, str):
        raise Unfit(f"{name}: not a string")
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise Unfit(f"{name}: holds a lone surrogate") from error


def _text(name: str, value: object) -> str:
    tokens = _utf8(name, value).decode().split()
    if any(len(token) > _MAX_TOKEN_LENGTH for token in tokens):
        raise Unfit(f"{name}: a token is longer than {_MAX_TOKEN_LENGTH} characters")
    return " ".join(tokens)


def _keyword(name: str, value: object) -> str:
    if len(_utf8(name, value)) > _MAX_ID_BYTES:
        raise Unfit(f"{name}: a code is longer than {_MAX_ID_BYTES} bytes")
    return str(value)


def _integer(name: str, value: object) -> int:
    if type(value) is not int or not -_MAX_INTEGER - 1 <= value <= _MAX_INTEGER:
        raise Unfit(f"{name}: not a 64-bit integer")
    return value


def _date(name: str, value: object) -> date:
    if type(value) is not date:
        raise Unfit(f"{name}: not a date")
    return value


def _boolean(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise Unfit(f"{name}: neither true nor false")
    return value


def check_point(name: str, value: object) -> Point:
    """The point as a field holds it. Raises Unfit."""
    if not isinstance(value, Point):
        raise Unfit(f"{name}: not a point")
    if not (abs(value.latitude) <= _POLE and abs(value.longitude) <= _ANTIMERIDIAN):  # NaN is refused as well
        raise Unfit(f"{name}: not a place on the earth")
    return Point(round(value.latitude, _DECIMALS), round(value.longitude, _DECIMALS))


_READERS: Final[Mapping[FieldKind, Callable[[str, object], Value]]] = {
    FieldKind.TEXT: _text,
    FieldKind.KEYWORD: _keyword,
    FieldKind.INTEGER: _integer,
    FieldKind.DATE: _date,
    FieldKind.BOOLEAN: _boolean,
    FieldKind.POINT: check_point,
}
