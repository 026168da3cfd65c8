"""A request that an operation's document describes: enough of it to get past the door, always the same one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

JSON: Final = "application/json"
FORM: Final = "multipart/form-data"
_DEEPEST: Final = 8


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the document. `permission` None: for everybody, or for every caller that is known."""

    method: str
    path: str
    permission: str | None
    guarded: bool
    document: Mapping[str, Any]
    components: Mapping[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        """As people write it."""
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names in the path."""
        return tuple(one["name"] for one in self.document.get("parameters", ()) if one["in"] == "path")

    def sampled(self, parameter: str) -> str | None:
        """What stands for a parameter that is no record's id: a number, a code with an example; None for an id."""
        (schema,) = (one["schema"] for one in self.document["parameters"] if one["in"] == "path" and one["name"] == parameter)
        if schema.get("type") == "integer" or schema.get("examples"):
            return str(sample(schema, self.components))
        return None

    @property
    def changes(self) -> bool:
        """Whether it is meant to change something."""
        return self.method != "GET"

    def query(self) -> dict[str, Any]:
        """What the document asks for in the query."""
        asked = (one for one in self.document.get("parameters", ()) if one["in"] == "query" and one.get("required"))
        return {one["name"]: sample(one["schema"], self.components) for one in asked}

    def body(self) -> dict[str, Any]:
        """What httpx is handed for the body."""
        content = self.document.get("requestBody", {}).get("content", {})
        if JSON in content:
            return {"json": sample(content[JSON]["schema"], self.components)}
        if FORM in content:
            return {"files": {"file": ("空.csv", "序号,姓名\n1,测试".encode())}}
        return {"data": {"grant_type": "client_credentials"}} if content else {}


def operations(document: Mapping[str, Any]) -> list[Operation]:
    """All of them."""
    components = document["components"]["schemas"]
    return [
        Operation(method.upper(), path, told.get("x-permission"), "security" in told, told, components)
        for path, item in document["paths"].items()
        for method, told in item.items()
    ]


def sample(schema: Mapping[str, Any], components: Mapping[str, Any], depth: int = 0) -> Any:
    """A value that the schema allows: its example, its default, else the least there is; of an object the required fields, or
    the first one when none is required."""
    if "$ref" in schema:
        return sample(components[schema["$ref"].rpartition("/")[2]], components, depth + 1)
    for key in ("const", "default"):
        if key in schema and schema[key] not in (None, "", [], {}):
            return schema[key]
    if schema.get("examples"):
        return schema["examples"][0]
    if schema.get("enum"):
        return schema["enum"][0]
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            some = [one for one in schema[choice] if one.get("type") != "null"]
            return sample(some[0], components, depth + 1)
    return _least(schema, components, depth)


def _least(schema: Mapping[str, Any], components: Mapping[str, Any], depth: int) -> Any:
    kind = schema.get("type", "object")
    if kind == "object":
        properties = schema.get("properties", {})
        names = schema.get("required") or list(properties)[:1]
        if depth > _DEEPEST:
            return {}
        return {name: sample(properties[name], components, depth + 1) for name in names if name in properties}
    if kind == "array":
        return [sample(schema["items"], components, depth + 1) for _ in range(max(1, schema.get("minItems", 1)))]
    if kind in ("integer", "number"):
        return max(schema.get("minimum", 1), schema.get("exclusiveMinimum", 0) + 1)
    if kind == "boolean":
        return True
    return _TEXTS.get(schema.get("format", ""), "测" * max(2, schema.get("minLength", 2)))


_TEXTS: Final = {"date": "2026-10-01", "date-time": "2026-10-01T08:00:00Z", "uri": "https://example.cn/hook"}
