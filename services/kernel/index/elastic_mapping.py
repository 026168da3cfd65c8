"""A schema and its documents in Elasticsearch's terms. The mapping is strict and made from the schema alone.

Five fields are ours: `_key` (the id, to sort by), `_gone` (tombstone), `_has` (the names of the fields that hold a value),
`_payload` (the document's source, kept and not indexed). Only the payload is stored; the rest is found by and forgotten.
"""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from services.kernel.index.description import describe
from services.kernel.index.documents import EMPTY_TEXT, Value, fit, source_bytes
from services.kernel.index.port import Document, FieldKind, Point, Schema

FORMAT: Final = 2
"""Of what is described here; an index of another format has to be built again."""

KEY: Final = "_key"
GONE: Final = "_gone"
HAS: Final = "_has"
PAYLOAD: Final = "_payload"

_KINDS: Final[Mapping[FieldKind, Mapping[str, Any]]] = {
    FieldKind.TEXT: {"type": "text", "analyzer": "whitespace", "index_options": "freqs"},
    FieldKind.KEYWORD: {"type": "keyword"},
    FieldKind.INTEGER: {"type": "long"},
    FieldKind.DATE: {"type": "date", "format": "strict_date"},
    FieldKind.BOOLEAN: {"type": "boolean"},
    FieldKind.POINT: {"type": "geo_point"},
}


def mapping(schema: Schema) -> dict[str, Any]:
    """The index mapping of a schema; `_meta` describes the schema itself, so that any process can read it back."""
    return {
        "dynamic": "strict",
        "_meta": describe(schema, FORMAT),
        "_source": {"includes": [PAYLOAD]},
        "properties": {
            KEY: {"type": "keyword"},
            GONE: {"type": "boolean"},
            HAS: {"type": "keyword"},
            PAYLOAD: {"type": "object", "enabled": False},
            **_properties(schema.fields),
            **{name: {"type": "nested", "properties": _properties(record)} for name, record in schema.nested.items()},
        },
    }


def _properties(fields: Mapping[str, FieldKind]) -> dict[str, Any]:
    return {name: _KINDS[kind] for name, kind in fields.items()}


def body(schema: Schema, document: Document) -> bytes:
    """One document as JSON. Raises documents.Unfit."""
    fitted = fit(schema, document)
    texts = {name: EMPTY_TEXT for name, kind in schema.fields.items() if kind is FieldKind.TEXT}
    payload = orjson.Fragment(source_bytes(document.source))
    ours = {KEY: document.id, GONE: document.tombstone, HAS: fitted.held, PAYLOAD: payload}
    return orjson.dumps(
        {**texts, **fitted.fields, **fitted.nested, **ours}, default=_plain, option=orjson.OPT_PASSTHROUGH_DATACLASS
    )


def _plain(value: Value) -> dict[str, float]:
    """What JSON has no word for: a point."""
    if not isinstance(value, Point):
        raise TypeError
    return {"lat": value.latitude, "lon": value.longitude}
