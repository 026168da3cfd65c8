"""The fixed query trees compiled to Elasticsearch's query DSL. Core queries only; nothing a user types is ever parsed."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from services.kernel.index import requests
from services.kernel.index.elastic_mapping import GONE, HAS, KEY, PAYLOAD
from services.kernel.index.port import (
    MAX_HITS,
    All,
    AnyOf,
    Exists,
    FieldKind,
    Holds,
    Key,
    Match,
    Near,
    Nested,
    Not,
    Position,
    Query,
    Range,
    Schema,
    SearchRequest,
    Term,
    Values,
)

Dsl = dict[str, Any]

LIVE: Final[Dsl] = {"bool": {"must_not": [{"term": {GONE: True}}]}}
_ALL: Final[Dsl] = {"match_all": {}}
_NONE: Final[Dsl] = {"match_none": {}}
_EPOCH: Final = date(1970, 1, 1)
_DAY_MS: Final = 86_400_000
_LEAST: Final = -(2**63)
_MOST: Final = 2**63 - 1


def search_body(schema: Schema, request: SearchRequest) -> Dsl:
    """The search of a request. Raises UnfitGeneration for a field the schema lacks, ValueError for a value of a wrong kind."""
    requests.check(schema, request)
    clauses: Dsl = {"filter": [LIVE] if request.filter is None else [LIVE, compile_filter(schema, request.filter)]}
    clauses["should"] = [
        {"constant_score": {"filter": compile_filter(schema, boost.query), "boost": boost.weight}} for boost in request.boosts
    ]
    if request.match is not None:
        words = _words(schema, request.match)
        if request.require_match:
            clauses["must"] = [{"bool": {"should": words, "minimum_should_match": 1}} if words else _NONE]
        else:
            clauses["should"] += words
    query = {"bool": {**clauses, "minimum_should_match": 0}}
    found = _search(query, _order(request), request.size)
    if request.after is not None:
        found["search_after"] = _position(request)
    if aggregations := _aggregations(schema, request):
        found["aggs"] = aggregations
    return found


def _order(request: SearchRequest) -> list[Dsl]:
    by_id = {KEY: "asc"}
    if request.sort is not None:
        return [{request.sort.field: {"order": "desc" if request.sort.descending else "asc", "missing": "_last"}}, by_id]
    return [{"_score": "desc"}, by_id] if requests.is_scored(request) else [by_id]


def _position(request: SearchRequest) -> list[Any]:
    """`after` as Elasticsearch tells the values of its sort: dates in milliseconds, what is missing as the utmost number."""
    after, sort = request.after, request.sort
    if after is None or not (sort is not None or requests.is_scored(request)):
        return [after.id] if after is not None else []
    if sort is None or after.key is not None:
        return [_sort_value(after.key), after.id]
    return [_LEAST if sort.descending else _MOST, after.id]


def _sort_value(key: Key) -> float | int | None:
    return (key - _EPOCH).days * _DAY_MS if isinstance(key, date) else key


def position(schema: Schema, request: SearchRequest, hit: Dsl) -> Position:
    """Where an answered hit stands in the order of its request."""
    if request.sort is None:
        return Position(hit["_score"] or 0.0, hit["_id"])
    value = hit["sort"][0]
    if value is None or value in {_LEAST, _MOST}:
        return Position(None, hit["_id"])
    if schema.fields[request.sort.field] is FieldKind.DATE:
        return Position(_EPOCH + timedelta(days=value // _DAY_MS), hit["_id"])
    return Position(value, hit["_id"])


def _aggregations(schema: Schema, request: SearchRequest) -> Dsl:
    asked: Dsl = {f"sum.{name}": {"sum": {"field": name}} for name in request.sums}
    for name, facet in request.facets.items():
        if isinstance(facet, Values):
            order = [{"_count": "desc"}, {"_key": "asc"}]
            asked[f"facet.{name}"] = {"terms": {"field": facet.field, "size": facet.most, "order": order}}
        else:
            bands = {label: compile_filter(schema, query) for label, query in facet.queries.items()}
            asked[f"facet.{name}"] = {"filters": {"filters": bands}}
    return asked


def facets(request: SearchRequest, answered: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """The counts in an answer's aggregations."""
    found = {name: answered[f"facet.{name}"]["buckets"] for name in request.facets}
    return {
        name: {bucket["key"]: bucket["doc_count"] for bucket in buckets}
        if isinstance(request.facets[name], Values)
        else {label: bucket["doc_count"] for label, bucket in buckets.items()}
        for name, buckets in found.items()
    }


def sums(request: SearchRequest, answered: Mapping[str, Any]) -> dict[str, int]:
    """The sums in an answer's aggregations."""
    return {name: round(answered[f"sum.{name}"]["value"]) for name in request.sums}


def ids_body(ids: Sequence[str]) -> Dsl:
    """The live documents among `ids`."""
    return _search({"bool": {"filter": [LIVE, {"terms": {KEY: list(ids)}}]}}, [{KEY: "asc"}], len(ids))


def _search(query: Dsl, order: Sequence[Dsl], size: int) -> Dsl:
    return {
        "query": query,
        "sort": order,
        "size": size,
        "version": True,
        "source": [PAYLOAD],
        "track_total_hits": MAX_HITS,
    }


def compile_filter(schema: Schema, query: Query, record: str = "") -> Dsl:
    """The query as a filter; with `record`, on the records of that nested field, whose fields `schema` then declares."""
    match query:
        case Not(inner):
            return {"bool": {"must_not": [compile_filter(schema, inner, record)]}}
        case All(queries):
            parts = [compile_filter(schema, part, record) for part in queries]
            return {"bool": {"filter": parts}} if parts else _ALL
        case AnyOf(queries):
            parts = [compile_filter(schema, part, record) for part in queries]
            return {"bool": {"should": parts, "minimum_should_match": 1}} if parts else _NONE
        case _:
            return _leaf(schema, query, record)


def _leaf(schema: Schema, query: Term | Range | Exists | Holds | Near | Nested, record: str) -> Dsl:
    path = f"{record}.{query.field}" if record else query.field
    match query:
        case Term():
            return {"terms": {path: requests.term_values(schema, query)}}
        case Range():
            low, high = requests.range_bounds(schema, query)
            bounds = {side: bound for side, bound in (("gte", low), ("lte", high)) if bound is not None}
            return {"range": {path: bounds}} if bounds else _leaf(schema, Exists(query.field), record)
        case Exists(field):
            requests.check_held(schema, field)
            return {"exists": {"field": path}} if record else {"term": {HAS: field}}
        case Holds():
            return {"terms": {path: requests.held_tokens(schema, query)}}
        case Near(_, _, km):
            centre = requests.centre(schema, query)
            return {"geo_distance": {path: {"lat": centre.latitude, "lon": centre.longitude}, "distance": f"{km}km"}}
        case Nested(field, inner):
            return {"nested": {"path": path, "query": compile_filter(requests.record_schema(schema, query), inner, field)}}


def _words(schema: Schema, match: Match) -> list[Dsl]:
    return [{"term": {field: {"value": token, "boost": boost}}} for field, token, boost in requests.scored_pairs(schema, match)]
