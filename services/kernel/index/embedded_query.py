"""The fixed query trees compiled to tantivy's queries. Filters score nothing."""

from collections.abc import Callable
from typing import Final

import tantivy

from services.kernel.index import embedded_nested, requests
from services.kernel.index.documents import Value
from services.kernel.index.embedded_schema import GONE, HAS
from services.kernel.index.embedded_values import as_integer, terms_within
from services.kernel.index.port import (
    All,
    AnyOf,
    Exists,
    Holds,
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

Leaf = Term | Range | Exists | Holds | Near | Nested

_MUST: Final = tantivy.Occur.Must
_SHOULD: Final = tantivy.Occur.Should
_MUST_NOT: Final = tantivy.Occur.MustNot


class QueryCompiler:
    """Compiles for one state of one build. Raises UnfitGeneration for an unknown field, ValueError for an unlawful value."""

    def __init__(self, schema: Schema, fields: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self._schema = schema
        self._fields = fields
        self._searcher = searcher

    def live(self, query: Query | None, also: tantivy.Query | None = None) -> tantivy.Query:
        """Documents that are no tombstones and fit `query` and `also`."""
        clauses = [
            (_MUST_NOT, tantivy.Query.term_query(self._fields, GONE, True)),
            (_MUST, _unscored(self.filter(query) if query is not None else tantivy.Query.all_query())),
        ]
        if also is not None:
            clauses.append((_MUST, also))
        return tantivy.Query.boolean_query(clauses)

    def filter(self, query: Query) -> tantivy.Query:
        """The query as a filter."""
        return combined(query, self._leaf)

    def scored(self, request: SearchRequest) -> tantivy.Query:
        """What gives a score: the text and the boosts."""
        clauses = [] if request.match is None else self._words(request.match)
        clauses += [
            (_SHOULD, tantivy.Query.const_score_query(self.filter(boost.query), boost.weight)) for boost in request.boosts
        ]
        return tantivy.Query.boolean_query(clauses) if clauses else tantivy.Query.empty_query()

    def found(self, request: SearchRequest) -> tantivy.Query:
        """Everything that the request finds, without scores."""
        if request.match is None or not request.require_match:
            return self.live(request.filter)
        words = self._words(request.match)
        return self.live(request.filter, _unscored(tantivy.Query.boolean_query(words)) if words else _nothing())

    def _words(self, match: Match) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        return [
            (_SHOULD, tantivy.Query.boost_query(tantivy.Query.term_query(self._fields, field, token, "freq"), boost))
            for field, token, boost in requests.scored_pairs(self._schema, match)
        ]

    def _leaf(self, query: Leaf) -> tantivy.Query:
        match query:
            case Term():
                return self._terms(query.field, requests.term_values(self._schema, query))
            case Range():
                return self._range(query)
            case Exists(field):
                requests.check_held(self._schema, field)
                return tantivy.Query.term_query(self._fields, HAS, field)
            case Holds(field):
                return self._terms(field, [*requests.held_tokens(self._schema, query)])
            case Near(field, _, km):
                centre = requests.centre(self._schema, query)
                return self._terms(field, terms_within(self._vocabulary(field), centre, km))
            case Nested(field):
                return self._nested(query, requests.record_schema(self._schema, query), self._vocabulary(field))

    def _vocabulary(self, field: str) -> Callable[[str], list[str]]:
        return lambda prefix: [term for term, _ in self._searcher.terms_with_prefix(field, prefix)]

    def _terms(self, field: str, values: list[Value]) -> tantivy.Query:
        return tantivy.Query.term_set_query(self._fields, field, values) if values else tantivy.Query.empty_query()

    def _range(self, asked: Range) -> tantivy.Query:
        low, high = (None if bound is None else as_integer(bound) for bound in requests.range_bounds(self._schema, asked))
        if low is None and high is None:
            return self.filter(Exists(asked.field))
        if low is not None and high is not None and low > high:
            return tantivy.Query.empty_query()
        return tantivy.Query.range_query(self._fields, asked.field, tantivy.FieldType.Integer, low, high)

    def _nested(self, asked: Nested, record: Schema, vocabulary: Callable[[str], list[str]]) -> tantivy.Query:
        """Any of the places at which the documents keep records: what is there fits by itself."""
        places = []
        for place in embedded_nested.places(vocabulary):
            tokens = embedded_nested.RecordTokens(record, place, vocabulary)
            fits = combined(asked.query, lambda leaf, tokens=tokens: self._terms(asked.field, tokens.of(leaf)))  # type: ignore[misc]
            here = tantivy.Query.term_query(self._fields, asked.field, place)
            places.append((_SHOULD, tantivy.Query.boolean_query([(_MUST, here), (_MUST, fits)])))
        return tantivy.Query.boolean_query(places) if places else tantivy.Query.empty_query()


def combined(query: Query, leaf: Callable[[Leaf], tantivy.Query]) -> tantivy.Query:
    """The tree of a query over its compiled leaves."""
    match query:
        case Not(inner):
            return tantivy.Query.boolean_query([(_MUST, tantivy.Query.all_query()), (_MUST_NOT, combined(inner, leaf))])
        case All(queries):
            parts = [(_MUST, combined(part, leaf)) for part in queries]
            return tantivy.Query.boolean_query(parts) if parts else tantivy.Query.all_query()
        case AnyOf(queries):
            parts = [(_SHOULD, combined(part, leaf)) for part in queries]
            return tantivy.Query.boolean_query(parts) if parts else tantivy.Query.empty_query()
        case _:
            return leaf(query)


def both(found: tantivy.Query, scored: tantivy.Query, *, without: bool = False) -> tantivy.Query:
    """What was found and scores, or (`without`) does not score."""
    return tantivy.Query.boolean_query([(_MUST, _unscored(found)), (_MUST_NOT if without else _MUST, scored)])


def _nothing() -> tantivy.Query:
    return tantivy.Query.empty_query()


def _unscored(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)
