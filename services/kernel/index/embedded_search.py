"""One search on one state of a tantivy build: the page in its exact order, facets and sums. Blocking."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import orjson
import tantivy

from services.kernel.index import requests
from services.kernel.index.embedded_query import QueryCompiler, both
from services.kernel.index.embedded_schema import ID, SOURCE, VERSION
from services.kernel.index.port import Bands, FieldKind, Hit, Hits, Key, Position, Schema, SearchRequest, Sort, Values

_WIDER: Final = 4
_READ_ONE_BY_ONE: Final = 200
_ALL_VALUES: Final = 60_000  # tantivy's own limit of buckets is 65,000

_Scored = tuple[float, tantivy.DocAddress]
_Placed = tuple[Position, tantivy.DocAddress]


def total(found: tantivy.SearchResult) -> int:
    """How many documents a search found."""
    counted: Any = found  # the type stubs of tantivy 0.27 forget `count`
    return int(counted.count)


def read(searcher: tantivy.Searcher, address: tantivy.DocAddress, position: Position | None = None) -> Hit:
    """The stored document at an address; its score is that of the position, if it is one."""
    stored: Any = searcher.doc(address).get_first
    score = position.key if position is not None and isinstance(position.key, float) else 0.0
    return Hit(stored(ID), stored(VERSION), score, orjson.loads(stored(SOURCE)), position)


class Search:
    """Runs one request. Raises UnfitGeneration, ValueError."""

    def __init__(self, schema: Schema, compiler: QueryCompiler, searcher: tantivy.Searcher, request: SearchRequest) -> None:
        requests.check(schema, request)
        self._schema = schema
        self._compiler = compiler
        self._searcher = searcher
        self._request = request
        self._found = compiler.found(request)

    def run(self) -> Hits:
        """The page, the total, facets and sums."""
        page = [read(self._searcher, address, position) for position, address in self._page()]
        return Hits(page, self._count(self._found), self._facets(), self._sums())

    def _page(self) -> Sequence[_Placed]:
        size, sort = self._request.size, self._request.sort
        if size == 0:
            return []
        if sort is not None:
            return self._by_field(sort)
        if not requests.is_scored(self._request):
            return self._by_id(self._found, size)
        scored = self._compiler.scored(self._request)
        after = self._request.after
        best = [] if after is not None and after.key == 0 else self._by_score(both(self._found, scored))
        return [*best, *self._by_id(both(self._found, scored, without=True), size - len(best))]

    def _by_id(self, query: tantivy.Query, size: int) -> list[_Placed]:
        """In order of id, every score 0."""
        after = self._request.after
        behind = after.id if after is not None and after.key == 0 else ""
        limit = size
        while limit:
            found = self._searcher.search(query, limit, count=False, order_by_field=ID, order=tantivy.Order.Asc).hits
            page = [(Position(0.0, str(id_)), address) for id_, address in found if str(id_) > behind]
            if len(page) >= size or len(found) < limit:
                return page[:size]
            limit *= _WIDER
        return []

    def _by_score(self, query: tantivy.Query) -> list[_Placed]:
        """tantivy breaks ties by the place in the files: look beyond the cut until what ties with it is all there."""
        size, after = self._request.size, self._request.after
        limit = size + 1
        while True:
            found = [(float(score), address) for score, address in self._searcher.search(query, limit, count=False).hits]
            behind = [one for one in found if after is None or not _before(one[0], after.key)]
            beyond = [one for one in behind if after is None or one[0] != after.key]
            if len(found) < limit or (len(beyond) >= size and found[-1][0] < beyond[size - 1][0]):
                break
            limit *= _WIDER
        least = beyond[size - 1][0] if len(beyond) >= size else 0.0
        placed = self._named(query, [one for one in behind if one[0] >= least])
        if after is not None:
            placed = [one for one in placed if one[0].key != after.key or one[0].id > after.id]
        return sorted(placed, key=lambda one: (-_number(one[0].key), one[0].id))[:size]

    def _named(self, query: tantivy.Query, scored: Sequence[_Scored]) -> list[_Placed]:
        """With their ids: from the stored documents, or for many of them from the column of ids."""
        if len(scored) <= _READ_ONE_BY_ONE:
            read_id = {_place(address): str(self._searcher.doc(address).get_first(ID)) for _, address in scored}
        else:
            read_id = {_place(address): id_ for id_, address in self._ids(query)}
        return [(Position(score, read_id[_place(address)]), address) for score, address in scored]

    def _by_field(self, sort: Sort) -> list[_Placed]:
        """All that was found, ordered here: tantivy orders by one column only and leaves ties as they lie."""
        found = self._ids(self._found)
        values: list[Any] = self._searcher.fast_field_values(sort.field, [address for _, address in found])
        read_key = date.fromordinal if self._schema.fields[sort.field] is FieldKind.DATE else int
        keys: list[Key] = [None if value is None else read_key(value) for value in values]
        placed = [(Position(key, id_), address) for key, (id_, address) in zip(keys, found, strict=True)]
        after = self._request.after
        if after is not None:
            placed = [one for one in placed if _behind(one[0], after, descending=sort.descending)]
        held: list[Any] = [one for one in placed if one[0].key is not None]
        held.sort(key=lambda one: one[0].key, reverse=sort.descending)  # stable: equal ones stay in order of id
        return [*held, *(one for one in placed if one[0].key is None)][: self._request.size]

    def _ids(self, query: tantivy.Query) -> list[tuple[str, tantivy.DocAddress]]:
        many = max(self._count(query), 1)
        found = self._searcher.search(query, many, count=False, order_by_field=ID, order=tantivy.Order.Asc).hits
        return [(str(id_), address) for id_, address in found]

    def _count(self, query: tantivy.Query) -> int:
        return total(self._searcher.search(query, 1))

    def _facets(self) -> Mapping[str, Mapping[str, int]]:
        return {
            name: self._values(facet) if isinstance(facet, Values) else self._bands(facet)
            for name, facet in self._request.facets.items()
        }

    def _values(self, facet: Values) -> Mapping[str, int]:
        terms = {"field": facet.field, "size": _ALL_VALUES, "segment_size": _ALL_VALUES}
        counted: Any = self._searcher.aggregate(self._found, {"values": {"terms": terms}})
        pairs = [(str(bucket["key"]), int(bucket["doc_count"])) for bucket in counted["values"]["buckets"]]
        return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[: facet.most])

    def _bands(self, facet: Bands) -> Mapping[str, int]:
        return {label: self._count(both(self._found, self._compiler.filter(query))) for label, query in facet.queries.items()}

    def _sums(self) -> Mapping[str, int]:
        if not self._request.sums:
            return {}
        asked = {name: {"sum": {"field": name}} for name in self._request.sums}
        added: Any = self._searcher.aggregate(self._found, asked)
        return {name: round(added[name]["value"] or 0) for name in self._request.sums}


def _number(key: Key) -> float:
    return key if isinstance(key, float) else 0.0


def _before(score: float, after: Key) -> bool:
    return score > _number(after)


def _behind(position: Position, after: Position, *, descending: bool) -> bool:
    if position.key == after.key:
        return position.id > after.id
    return requests.is_beyond(position.key, after.key, descending=descending)


def _place(address: tantivy.DocAddress) -> tuple[int, int]:
    where: Any = address
    return where.segment_ord, where.doc
