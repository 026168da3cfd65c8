"""The fixed query trees compiled to tantivy's queries. Filters score nothing."""

from collections.abc import Sequence
from typing import Any, Final

import tantivy

from services.kernel.index.documents import Value, check_value
from services.kernel.index.embedded_schema import GONE, HAS, as_integer
from services.kernel.index.port import (
    MAX_CLAUSES,
    All,
    AnyOf,
    Exists,
    FieldKind,
    Match,
    Not,
    Query,
    Range,
    Schema,
    Term,
    UnfitGeneration,
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
            case Term(field, values):
                return self._term(field, values)
            case Range(field, at_least, at_most):
                return self._range(field, at_least, at_most)
            case Exists(field):
                self._kind(field)
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
        if len(match.fields) * len(match.tokens) > MAX_CLAUSES:
            raise ValueError(f"more than {MAX_CLAUSES} pairs of field and token")
        if any(boost <= 0 for boost in (*match.fields.values(), *match.tokens.values())):
            raise ValueError("boosts are positive")
        clauses = []
        for field, field_boost in match.fields.items():
            if self._kind(field) is not FieldKind.TEXT:
                raise ValueError(f"{field}: not a text field")
            for token, token_boost in match.tokens.items():
                word = tantivy.Query.term_query(self._fields, field, check_value(FieldKind.TEXT, field, token), "freq")
                clauses.append((_SHOULD, tantivy.Query.boost_query(word, field_boost * token_boost)))
        return tantivy.Query.boolean_query(clauses) if clauses else tantivy.Query.empty_query()

    def _kind(self, field: str) -> FieldKind:
        kind = self._schema.fields.get(field)
        if kind is None:
            raise UnfitGeneration(f"the active build of {self._schema.collection} has no field {field!r}")
        return kind

    def _term(self, field: str, values: Sequence[Any]) -> tantivy.Query:
        kind = self._kind(field)
        if kind in {FieldKind.TEXT, FieldKind.DATE}:
            raise ValueError(f"{field}: a {kind} field has no terms to be equal to")
        if not values:
            return tantivy.Query.empty_query()
        return tantivy.Query.term_set_query(self._fields, field, [check_value(kind, field, value) for value in values])

    def _range(self, field: str, at_least: Value | None, at_most: Value | None) -> tantivy.Query:
        kind = self._kind(field)
        if kind not in {FieldKind.INTEGER, FieldKind.DATE}:
            raise ValueError(f"{field}: a {kind} field has no ranges")
        if at_least is None and at_most is None:
            return self.filter(Exists(field))
        low, high = (None if bound is None else as_integer(check_value(kind, field, bound)) for bound in (at_least, at_most))
        if low is not None and high is not None and low > high:
            return tantivy.Query.empty_query()
        return tantivy.Query.range_query(self._fields, field, tantivy.FieldType.Integer, low, high)


def _unscored(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)
