"""The fixed query trees compiled to tantivy's queries. Filters score nothing."""

from typing import Final

import tantivy

from services.kernel.index import requests
from services.kernel.index.embedded_schema import GONE, HAS, as_integer
from services.kernel.index.port import (
    All,
    AnyOf,
    Exists,
    Match,
    Not,
    Query,
    Range,
    Schema,
    Term,
)

_MUST: Final = tantivy.Occur.Must
_SHOULD: Final = tantivy.Occur.Should
_MUST_NOT: Final = tantivy.Occur.MustNot


class QueryCompiler:
    """Compiles for one build. Raises UnfitGeneration for a field it does not have, ValueError for a value of a wrong kind."""

    def __init__(self, schema: Schema, fields: tantivy.Schema) -> None:
        self._schema = schema
        self._fields = fields

    def live(self, query: Query | None, match: tantivy.Query | None = None, *, without: bool = False) -> tantivy.Query:
        """Documents that are no tombstones and fit `query`; those that `match` scores, or (`without`) those it does not."""
        clauses = [
            (_MUST_NOT, tantivy.Query.term_query(self._fields, GONE, True)),
            (_MUST, _unscored(self.filter(query) if query is not None else tantivy.Query.all_query())),
        ]
        if match is not None:
            clauses.append((_MUST_NOT if without else _MUST, match))
        return tantivy.Query.boolean_query(clauses)

    def filter(self, query: Query) -> tantivy.Query:
        """The query as a filter."""
        match query:
            case Term():
                return self._term(query)
            case Range():
                return self._range(query)
            case Exists(field):
                requests.kind_of(self._schema, field)
                return tantivy.Query.term_query(self._fields, HAS, field)
            case Not(inner):
                return tantivy.Query.boolean_query(
                    [(_MUST, tantivy.Query.all_query()), (_MUST_NOT, self.filter(inner))],
                )
            case All(queries):
                parts = [(_MUST, self.filter(part)) for part in queries]
                return tantivy.Query.boolean_query(parts) if parts else tantivy.Query.all_query()
            case AnyOf(queries):
                parts = [(_SHOULD, self.filter(part)) for part in queries]
                return tantivy.Query.boolean_query(parts) if parts else tantivy.Query.empty_query()

    def match(self, match: Match) -> tantivy.Query:
        """The scored text."""
        clauses = []
        for field, token, boost in requests.scored_pairs(self._schema, match):
            word = tantivy.Query.term_query(self._fields, field, token, "freq")
            clauses.append((_SHOULD, tantivy.Query.boost_query(word, boost)))
        return tantivy.Query.boolean_query(clauses) if clauses else tantivy.Query.empty_query()

    def _term(self, term: Term) -> tantivy.Query:
        values = requests.term_values(self._schema, term)
        if not values:
            return tantivy.Query.empty_query()
        return tantivy.Query.term_set_query(self._fields, term.field, values)

    def _range(self, asked: Range) -> tantivy.Query:
        low, high = (None if bound is None else as_integer(bound) for bound in requests.range_bounds(self._schema, asked))
        if low is None and high is None:
            return self.filter(Exists(asked.field))
        if low is not None and high is not None and low > high:
            return tantivy.Query.empty_query()
        return tantivy.Query.range_query(self._fields, asked.field, tantivy.FieldType.Integer, low, high)


def _unscored(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)
