"""A schema and its documents in tantivy's terms.

Four fields are ours: `_id`, `_version`, `_gone` (tombstone) and `_source` (JSON); `_has` names the fields that hold a value,
so that Exists works alike for every kind. Dates are kept as day numbers: tantivy's own dates begin in 1677.
"""

from typing import Final

import tantivy

from services.kernel.index import embedded_nested
from services.kernel.index.documents import EMPTY_TEXT, Value, Values, fit, source_bytes
from services.kernel.index.embedded_values import as_integer, point_term
from services.kernel.index.port import Document, FieldKind, Point, Schema

ID: Final = "_id"
VERSION: Final = "_version"
GONE: Final = "_gone"
SOURCE: Final = "_source"
HAS: Final = "_has"


def tantivy_schema(schema: Schema) -> tantivy.Schema:
    """The fields as tantivy keeps them."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(ID, stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field(VERSION, stored=True, fast=True)
    builder.add_boolean_field(GONE, indexed=True)
    builder.add_bytes_field(SOURCE, stored=True)
    builder.add_text_field(HAS, tokenizer_name="raw", index_option="basic")
    for name, kind in schema.fields.items():
        match kind:
            case FieldKind.TEXT:
                builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
            case FieldKind.KEYWORD:
                builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
            case FieldKind.POINT:
                builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
            case FieldKind.INTEGER | FieldKind.DATE:
                builder.add_integer_field(name, indexed=True, fast=True)
            case FieldKind.BOOLEAN:
                builder.add_boolean_field(name, indexed=True)
    for name in schema.nested:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    return builder.build()


def tantivy_document(schema: Schema, document: Document) -> tantivy.Document:
    """One document as tantivy takes it. Raises documents.Unfit."""
    fitted = fit(schema, document)
    made = tantivy.Document()
    made.add_text(ID, document.id)
    made.add_unsigned(VERSION, document.version)
    made.add_boolean(GONE, document.tombstone)
    made.add_bytes(SOURCE, source_bytes(document.source))
    for name in fitted.held:
        made.add_text(HAS, name)
    _add_fields(made, schema, fitted.fields)
    for name, records in fitted.nested.items():
        for token in embedded_nested.tokens(records):
            made.add_text(name, token)
    return made


def _add_fields(made: tantivy.Document, schema: Schema, fields: Values) -> None:
    for name, kind in schema.fields.items():
        empty: list[Value] = [EMPTY_TEXT] if kind is FieldKind.TEXT else []
        for value in fields.get(name, empty):
            if isinstance(value, bool):
                made.add_boolean(name, value)
            elif isinstance(value, str):
                made.add_text(name, value)
            elif isinstance(value, Point):
                made.add_text(name, point_term(value))
            else:
                made.add_integer(name, as_integer(value))
