"""A generation's schema, kept beside it, so that any process can read back what the generation was built for."""

from collections.abc import Mapping
from typing import Any

from services.kernel.index.port import FieldKind, IndexDamaged, Schema


def describe(schema: Schema, format_: int) -> dict[str, Any]:
    """The schema as JSON; `format_` numbers the way in which the sibling keeps documents."""
    return {
        "format": format_,
        "collection": schema.collection,
        "version": schema.version,
        "fields": dict(schema.fields),
        "nested": {name: dict(record) for name, record in schema.nested.items()},
    }


def described_schema(name: str, described: Mapping[str, Any], format_: int) -> Schema:
    """The schema that was described. Raises IndexDamaged with the generation's name, also for another format."""
    try:
        if described["format"] != format_:
            raise IndexDamaged(f"{name}: written by another version of Yungong (format {described['format']})")
        nested = {field: _kinds(record) for field, record in described["nested"].items()}
        return Schema(described["collection"], _kinds(described["fields"]), described["version"], nested)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise IndexDamaged(f"{name}: its description cannot be read: {error}") from error


def _kinds(fields: Mapping[str, str]) -> dict[str, FieldKind]:
    return {field: FieldKind(kind) for field, kind in fields.items()}
