"""What may be written is what a request model names: nothing else gets in, through any body of any operation."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from services.cli import embedded
from tests.builders import settings
from tests.matrix.sampling import JSON

REFERENCE = "$ref"


def test_every_body_refuses_what_it_does_not_name(tmp_path: Path) -> None:
    document = embedded.build(settings(tmp_path)).openapi()
    bodies = [
        operation["requestBody"]["content"][JSON]["schema"]
        for item in document["paths"].values()
        for operation in item.values()
        if JSON in operation.get("requestBody", {}).get("content", {})
    ]
    models = dict(pair for body in bodies for pair in _models(body, document["components"]["schemas"]))
    assert len(models) > 40
    open_ended = [
        name for name, model in models.items() if "properties" in model and model.get("additionalProperties") is not False
    ]
    assert open_ended == []


def test_no_body_names_what_only_the_system_may_say(tmp_path: Path) -> None:
    document = embedded.build(settings(tmp_path)).openapi()
    ours = {"version", "created_at", "registered_at", "changed_at", "updated_at", "recorded_by", "created_by", "permissions"}
    named = {
        f"{method.upper()} {path}: {field}"
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if JSON in (content := operation.get("requestBody", {}).get("content", {}))
        for _, model in _models(content[JSON]["schema"], document["components"]["schemas"])
        for field in model.get("properties", {})
        if field in ours
    }
    assert named == set()


def _models(schema: Mapping[str, Any], components: Mapping[str, Any], seen: frozenset[str] = frozenset()) -> Iterator[Any]:
    """Name and schema of every model within a body."""
    name = str(schema.get(REFERENCE, "")).rpartition("/")[2]
    if name:
        if name not in seen:
            yield name, components[name]
            yield from _models(components[name], components, seen | {name})
        return
    for inner in (*schema.get("properties", {}).values(), *(schema.get("anyOf") or ()), *(schema.get("oneOf") or ())):
        yield from _models(inner, components, seen)
    if "items" in schema:
        yield from _models(schema["items"], components, seen)
