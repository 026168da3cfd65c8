"""A schema and its documents in Elasticsearch's terms. The mapping is strict and made from the schema alone.

Five fields are ours: `_key` (the id, to sort by), `_gone` (tombstone), `_has` (the names of the fields that hold a value),
`_payload` (the document's source, kept and not indexed). Only the payload is stored; the rest is found by and forgotten.
"""

from collections.abc import Mapping
from typing import Any, Final

import orjson

from services.kernel.index.documents import EMPTY_TEXT, fit, source_bytes
from services.kernel.index.port import Document, FieldKind, IndexDamaged, Schema

FORMAT: Final = 1
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
}


def mapping(schema: Schema) -> dict[str, Any]:
    """The index mapping of a schema; `_meta` describes the schema itself, so that any process can read it back."""
    described = {"format": FORMAT, "collection": schema.collection, "version": schema.version, "fields": dict(schema.fields)}
    return {
        "dynamic": "strict",
        "_meta": described,
        "_source": {"includes": [PAYLOAD]},
        "properties": {
            KEY: {"type": "keyword"},
            GONE: {"type": "boolean"},
            HAS: {"type": "keyword"},
            PAYLOAD: {"type": "object", "enabled": False},
            **{name: _KINDS[kind] for name, kind in schema.fields.items()},
        },
    }


def described_schema(name: str, found: Mapping[str, Any]) -> Schema:
    """The schema that a mapping was made from. Raises IndexDamaged."""
    try:
        meta = found["_meta"]
        if meta["format"] != FORMAT:
            raise IndexDamaged(f"{name}: written by another version of Yungong (format {meta['format']})")
        fields = {field: FieldKind(kind) for field, kind in meta["fields"].items()}
        return Schema(meta["collection"], fields, meta["version"])
    except (KeyError, ValueError, TypeError) as error:
        raise IndexDamaged(f"{name}: its mapping does not describe a schema") from error


def body(schema: Schema, document: Document) -> bytes:
    """One document as JSON. Raises documents.Unfit."""
    fields = fit(schema, document)
    texts = {name: EMPTY_TEXT for name, kind in schema.fields.items() if kind is FieldKind.TEXT}
    payload = orjson.Fragment(source_bytes(document.source))
    ours = {KEY: document.id, GONE: document.tombstone, HAS: list(fields), PAYLOAD: payload}
    return orjson.dumps({**texts, **fields, **ours})
