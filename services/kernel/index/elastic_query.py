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


def compile_filter(schema: Schema, query: Query) -> Dsl:
    """The query as a filter."""
    match query:
        case Term(field):
            return {"terms": {field: requests.term_values(schema, query)}}
        case Range():
            return _range(schema, query)
        case Exists(field):
            requests.kind_of(schema, field)
            return {"term": {HAS: field}}
        case Not(inner):
            return {"bool": {"must_not": [compile_filter(schema, inner)]}}
        case All(queries):
            parts = [compile_filter(schema, part) for part in queries]
            return {"bool": {"filter": parts}} if parts else _ALL
        case AnyOf(queries):
            parts = [compile_filter(schema, part) for part in queries]
            return {"bool": {"should": parts, "minimum_should_match": 1}} if parts else _NONE


def _scored(schema: Schema, match: Match) -> list[Dsl]:
    return [{"term": {field: {"value": token, "boost": boost}}} for field, token, boost in requests.scored_pairs(schema, match)]


def _range(schema: Schema, asked: Range) -> Dsl:
    low, high = requests.range_bounds(schema, asked)
    closed = {side: bound for side, bound in (("gte", low), ("lte", high)) if bound is not None}
    return {"range": {asked.field: closed}} if closed else {"term": {HAS: asked.field}}
