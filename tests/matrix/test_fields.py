"""Which fields each role can be answered: frozen in fields.json. A field more, for anybody, is a decision and not an accident.

After such a decision: `YUNGONG_FREEZE=1 python -m pytest tests/matrix/test_fields.py` writes the file anew.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from services.cli import embedded
from services.contracts.roles import PRESETS
from tests.builders import settings
from tests.matrix.sampling import JSON, Operation, operations

FROZEN: Final = Path(__file__).with_name("fields.json")
_NESTED: Final = ("anyOf", "oneOf", "allOf", "prefixItems")


def test_no_role_is_answered_more_fields_than_were_decided(tmp_path: Path) -> None:
    told = _told(operations(embedded.build(settings(tmp_path)).openapi()))
    if os.environ.get("YUNGONG_FREEZE"):
        FROZEN.write_text(json.dumps(told, ensure_ascii=False, indent=0, sort_keys=True) + "\n", "utf-8")
    frozen = json.loads(FROZEN.read_text("utf-8"))
    for kind in ("roles", "operations"):
        more = {
            f"{name}: {one}" for name, answered in told[kind].items() for one in set(answered) - set(frozen[kind].get(name, ()))
        }
        assert more == set()
    assert told == frozen, "what is gone is taken out of fields.json too"


def _told(document: Sequence[Operation]) -> dict[str, dict[str, list[str]]]:
    """`operations`: each with the fields of its answer; `roles`: each with the operations that it may ask."""
    answers = {one.name: sorted(set(_fields_of(one))) for one in document}
    roles = {
        role.value: sorted(
            one.name
            for one in document
            if one.permission is not None and one.permission in {str(held) for held in preset.permissions}
        )
        for role, preset in PRESETS.items()
    }
    return {"roles": roles, "operations": {name: fields for name, fields in answers.items() if fields}}


def _fields_of(one: Operation) -> Iterator[str]:
    for status, answer in one.document.get("responses", {}).items():
        content = answer.get("content", {}) if status.startswith("2") else {}
        if JSON in content:
            yield from _fields(content[JSON]["schema"], one.components, "", frozenset())


def _fields(schema: Mapping[str, Any], components: Mapping[str, Any], path: str, seen: frozenset[str]) -> Iterator[str]:
    """Every field with its path: items of lists as `items[].name`."""
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if name:
        if name not in seen:
            yield from _fields(components[name], components, path, seen | {name})
        return
    for field, inner in schema.get("properties", {}).items():
        yield f"{path}{field}"
        yield from _fields(inner, components, f"{path}{field}.", seen)
    for word in _NESTED:
        for inner in schema.get(word, ()):
            yield from _fields(inner, components, path, seen)
    if isinstance(items := schema.get("items"), Mapping):
        yield from _fields(items, components, path.removesuffix(".") + "[].", seen)
