"""One generation opened: version-checked writes and deterministic searches on a tantivy directory. Blocking."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson
import tantivy

from services.kernel.index.documents import Unfit, encodable
from services.kernel.index.embedded_query import QueryCompiler
from services.kernel.index.embedded_schema import ID, SOURCE, VERSION, tantivy_document, tantivy_schema
from services.kernel.index.port import (
    Document,
    Hit,
    Hits,
    IndexDamaged,
    IndexUnavailable,
    Query,
    Schema,
    SearchRequest,
    WriteOutcome,
    WriteResult,
)
from services.kernel.index.requests import check_size

_WRITER_HEAP_BYTES: Final = 15_000_000  # tantivy's least; batches are small
_WIDER: Final = 4

_Found = tuple[float, tantivy.DocAddress]


class Build:
    """A tantivy index. Searches may run in several threads; writes only in one at a time."""

    def __init__(self, path: Path, schema: Schema) -> None:
        """Raises IndexDamaged when the files cannot be read."""
        self.schema = schema
        fields = tantivy_schema(schema)
        try:
            self._index = tantivy.Index.open(str(path))
            self._index.config_reader("manual")
            self._index.reload()
        except ValueError as error:
            raise IndexDamaged(f"{path} cannot be read: {error}") from error
        self._fields = fields
        self._writer: tantivy.IndexWriter | None = None

    def write(self, documents: Sequence[Document]) -> list[WriteResult]:
        """Upsert, commit and show. Raises IndexUnavailable; then none of the batch is written."""
        known = self._versions(document.id for document in documents)
        try:
            results = [self._put(document, known) for document in documents]
            if any(result.outcome is WriteOutcome.DONE for result in results):
                self._open_writer().commit()
                self._index.reload()
        except (ValueError, OSError, RuntimeError) as error:
            # A writer that failed (full disk) is dead for good: the next write opens another, from the last commit.
            self._writer = None
            raise IndexUnavailable(f"the write failed: {error}") from error
        return results

    def _put(self, document: Document, known: dict[str, int]) -> WriteResult:
        try:
            made = tantivy_document(self.schema, document)
        except Unfit as error:
            return WriteResult(document.id, WriteOutcome.REFUSED, str(error))
        if document.version <= known.get(document.id, 0):
            return WriteResult(document.id, WriteOutcome.STALE)
        writer = self._open_writer()
        writer.delete_documents_by_term(ID, document.id)
        writer.add_document(made)
        known[document.id] = document.version
        return WriteResult(document.id, WriteOutcome.DONE)

    def _open_writer(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(_WRITER_HEAP_BYTES, 1)
        return self._writer

    def _versions(self, ids: Iterable[str]) -> dict[str, int]:
        """The versions held of these ids, tombstones included."""
        wanted = encodable(ids)
        if not wanted:
            return {}
        searcher = self._index.searcher()
        query = tantivy.Query.term_set_query(self._fields, ID, wanted)
        # The ids come as the order's keys and the versions from a column: the stored documents stay unread.
        found = searcher.search(query, len(wanted), count=False, order_by_field=ID).hits
        versions: list[Any] = searcher.fast_field_values(VERSION, [address for _, address in found])
        return {id_: version for (id_, _), version in zip(found, versions, strict=True)}

    def close_writer(self) -> None:
        """Give back the writer's memory, once merges under way are done."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    def search(self, request: SearchRequest) -> Hits:
        """The best hits of one state of the build. Raises UnfitGeneration, ValueError."""
        check_size(request)
        searcher = self._index.searcher()
        compiler = self._compiler(searcher)
        if request.match is None:
            return self._by_id(searcher, compiler.live(request.filter), request.size)
        match = compiler.match(request.match)
        best = self._by_score(searcher, compiler.live(request.filter, match), request.size)
        if request.require_match:
            return best
        rest_query = compiler.live(request.filter, match, without=True)
        rest = self._by_id(searcher, rest_query, request.size - len(best.hits))
        return Hits([*best.hits, *rest.hits], best.total + rest.total)

    def _by_id(self, searcher: tantivy.Searcher, query: tantivy.Query, size: int) -> Hits:
        found = searcher.search(query, max(size, 1), order_by_field=ID, order=tantivy.Order.Asc)
        return Hits([_hit(searcher, 0.0, address) for _, address in found.hits[:size]], _total(found))

    def _by_score(self, searcher: tantivy.Searcher, query: tantivy.Query, size: int) -> Hits:
        """tantivy breaks ties by the place in the files: look beyond the cut until what ties with it is all there."""
        limit = size + 1
        while True:
            found = searcher.search(query, limit)
            scores = [score for score, _ in found.hits]
            if len(scores) < limit or size == 0 or scores[-1] < scores[size - 1]:
                break
            limit *= _WIDER
        hits = [_hit(searcher, score, address) for score, address in _worthy(found.hits, size)]
        return Hits(sorted(hits, key=lambda hit: (-hit.score, hit.id))[:size], _total(found))

    def get(self, ids: Sequence[str]) -> Mapping[str, Hit]:
        """The live documents among `ids`."""
        wanted = encodable(ids)
        if not wanted:
            return {}
        searcher = self._index.searcher()
        query = self._compiler(searcher).live(None, tantivy.Query.term_set_query(self._fields, ID, wanted))
        found = searcher.search(query, len(wanted), count=False)
        return {hit.id: hit for hit in (_hit(searcher, 0.0, address) for _, address in found.hits)}

    def count(self, query: Query | None = None) -> int:
        """Live documents that fit `query`."""
        searcher = self._index.searcher()
        return _total(searcher.search(self._compiler(searcher).live(query), 1))

    def _compiler(self, searcher: tantivy.Searcher) -> QueryCompiler:
        return QueryCompiler(self.schema, self._fields, searcher)


def _total(found: tantivy.SearchResult) -> int:
    counted: Any = found  # the type stubs of tantivy 0.27 forget `count`
    return int(counted.count)


def _worthy(found: Sequence[_Found], size: int) -> Iterator[_Found]:
    """The first `size`, and what ties with the last of them."""
    for place, (score, address) in enumerate(found):
        if place < size or (size and score == found[size - 1][0]):
            yield score, address


def _hit(searcher: tantivy.Searcher, score: float, address: tantivy.DocAddress) -> Hit:
    stored: Any = searcher.doc(address).get_first
    return Hit(stored(ID), stored(VERSION), score, orjson.loads(stored(SOURCE)))
