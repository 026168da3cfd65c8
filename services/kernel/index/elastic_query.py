"""The fixed query trees compiled to Elasticsearch's query DSL. Core queries only; nothing a user types is ever parsed."""

from collections.abc import Sequence
from typing import Any, Final

from services.kernel.index import requests
from services.kernel.index.elastic_mapping import GONE, HAS, KEY, PAYLOAD
from services.kernel.index.port import (
    MAX_HITS,
    All,
    AnyOf,
    Exists,
    Match,
    Near,
    Nested,
    Not,
    Query,
    Range,
    Schema,
    SearchRequest,
    Term,
)

Dsl = dict[str, Any]

LIVE: Final[Dsl] = {"bool": {"must_not": [{"term": {GONE: True}}]}}
_ALL: Final[Dsl] = {"match_all": {}}
_NONE: Final[Dsl] = {"match_none": {}}


def search_body(schema: Schema, request: SearchRequest) -> Dsl:
    """The search of a request. Raises UnfitGeneration for a field the schema lacks, ValueError for a value of a wrong kind."""
    requests.check_size(request)
    clauses: Dsl = {
        "filter": [LIVE] if request.filter is None else [LIVE, compile_filter(schema, request.filter)],
    }
    order: list[Dsl] = [{KEY: "asc"}]
    if request.match is not None:
        clauses["should"] = _scored(schema, request.match)
        clauses["minimum_should_match"] = 1 if request.require_match else 0
        order = [{"_score": "desc"}, *order]
        if request.require_match and not clauses["should"]:
            return _search({"bool": {"filter": [_NONE]}}, order, request.size)
    return _search({"bool": clauses}, order, request.size)


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


def _leaf(schema: Schema, query: Term | Range | Exists | Near | Nested, record: str) -> Dsl:
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
        case Near(_, _, km):
            centre = requests.centre(schema, query)
            return {"geo_distance": {path: {"lat": centre.latitude, "lon": centre.longitude}, "distance": f"{km}km"}}
        case Nested(field, inner):
            return {"nested": {"path": path, "query": compile_filter(requests.record_schema(schema, query), inner, field)}}


def _scored(schema: Schema, match: Match) -> list[Dsl]:
    return [{"term": {field: {"value": token, "boost": boost}}} for field, token, boost in requests.scored_pairs(schema, match)]
