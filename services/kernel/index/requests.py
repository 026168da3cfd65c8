"""What a request may ask of a schema; the same for both siblings."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from services.kernel.index.documents import Unfit, Value, check_point, check_value
from services.kernel.index.port import (
    MAX_CLAUSES,
    MAX_HITS,
    FieldKind,
    Holds,
    Key,
    Match,
    Near,
    Nested,
    Point,
    Range,
    Schema,
    SearchRequest,
    Term,
    UnfitGeneration,
    Values,
)


def check(schema: Schema, request: SearchRequest) -> None:
    """Raises ValueError for a size, weight, sort, facet or sum beyond the law, UnfitGeneration for a field the schema lacks."""
    if not 0 <= request.size <= MAX_HITS:
        raise ValueError(f"size is 0 to {MAX_HITS}")
    if any(boost.weight <= 0 for boost in request.boosts):
        raise ValueError("weights are positive")
    if request.sort is not None:
        _insist(schema, request.sort.field, {FieldKind.INTEGER, FieldKind.DATE}, "order by")
    for facet in request.facets.values():
        if isinstance(facet, Values):
            _insist(schema, facet.field, {FieldKind.KEYWORD}, "count by")
    for name in request.sums:
        _insist(schema, name, {FieldKind.INTEGER}, "add up")


def _insist(schema: Schema, field: str, kinds: set[FieldKind], purpose: str) -> None:
    kind = kind_of(schema, field)
    if kind not in kinds:
        raise ValueError(f"{field}: a {kind} field is nothing to {purpose}")


def is_scored(request: SearchRequest) -> bool:
    """Whether scores order the hits."""
    return request.sort is None and (request.match is not None or bool(request.boosts))


def is_beyond(key: Key, after: Key, *, descending: bool) -> bool:
    """Whether `key` stands strictly behind `after` in the order; None is last."""
    if key is None or after is None:
        return key is None and after is not None
    return bool(key < after if descending else key > after)  # type: ignore[operator]  # both are of the field's kind


def kind_of(schema: Schema, field: str) -> FieldKind:
    """The kind of a field. Raises UnfitGeneration when the schema does not have it."""
    kind = schema.fields.get(field)
    if kind is None:
        raise UnfitGeneration(f"the active build of {schema.collection} has no field {field!r}")
    return kind


def term_values(schema: Schema, term: Term) -> list[Value]:
    """The values a field may be equal to. Raises UnfitGeneration, ValueError."""
    kind = kind_of(schema, term.field)
    if kind in {FieldKind.TEXT, FieldKind.DATE, FieldKind.POINT}:
        raise ValueError(f"{term.field}: a {kind} field has no terms to be equal to")
    return [check_value(kind, term.field, value) for value in term.values]


def range_bounds(schema: Schema, asked: Range) -> tuple[Value | None, Value | None]:
    """The bounds, from and to. Raises UnfitGeneration, ValueError."""
    kind = kind_of(schema, asked.field)
    if kind not in {FieldKind.INTEGER, FieldKind.DATE}:
        raise ValueError(f"{asked.field}: a {kind} field has no ranges")
    bounds: Sequence[Any] = (asked.at_least, asked.at_most)
    low, high = (None if bound is None else check_value(kind, asked.field, bound) for bound in bounds)
    return low, high


def held_tokens(schema: Schema, holds: Holds) -> list[str]:
    """The tokens of which one is to be held, without those that no document can hold. Raises UnfitGeneration, ValueError."""
    if kind_of(schema, holds.field) is not FieldKind.TEXT:
        raise ValueError(f"{holds.field}: not a text field")
    return [token for token in holds.tokens if _possible(token)]


def centre(schema: Schema, near: Near) -> Point:
    """The point to look around. Raises UnfitGeneration, ValueError."""
    if kind_of(schema, near.field) is not FieldKind.POINT:
        raise ValueError(f"{near.field}: not a field of points")
    if not (near.km > 0 and math.isfinite(near.km)):
        raise ValueError("a distance is more than 0 km")
    return check_point(near.field, near.point)


def record_schema(schema: Schema, nested: Nested) -> Schema:
    """The records of a nested field as documents of their own. Raises UnfitGeneration."""
    fields = schema.nested.get(nested.field)
    if fields is None:
        raise UnfitGeneration(f"the active build of {schema.collection} has no nested field {nested.field!r}")
    return Schema(schema.collection, fields, schema.version)


def check_held(schema: Schema, field: str) -> None:
    """Raises UnfitGeneration when the schema does not have the field, nested or not."""
    if field not in schema.nested:
        kind_of(schema, field)


def scored_pairs(schema: Schema, match: Match) -> Iterator[tuple[str, str, float]]:
    """Field, token and boost of each clause; a token that no document can hold is left out.

    Raises UnfitGeneration, ValueError."""
    if len(match.fields) * len(match.tokens) > MAX_CLAUSES:
        raise ValueError(f"more than {MAX_CLAUSES} pairs of field and token")
    if any(boost <= 0 for boost in (*match.fields.values(), *match.tokens.values())):
        raise ValueError("boosts are positive")
    for field, field_boost in match.fields.items():
        if kind_of(schema, field) is not FieldKind.TEXT:
            raise ValueError(f"{field}: not a text field")
        for token, token_boost in match.tokens.items():
            if _possible(token):
                yield field, token, field_boost * token_boost


def _possible(token: str) -> bool:
    try:
        return check_value(FieldKind.TEXT, "token", token) == token != ""
    except Unfit:
        return False
