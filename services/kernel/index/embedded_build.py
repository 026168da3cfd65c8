"""One generation opened: version-checked writes and deterministic searches on a tantivy directory. Blocking."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import tantivy

from services.kernel.index.documents import Unfit, encodable
from services.kernel.index.embedded_query import QueryCompiler
from services.kernel.index.embedded_schema import ID, VERSION, tantivy_document, tantivy_schema
from services.kernel.index.embedded_search import Search, read, total
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

_WRITER_HEAP_BYTES: Final = 15_000_000  # tantivy's least; batches are small


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
        """A page of one state of the build. Raises UnfitGeneration, ValueError."""
        searcher = self._index.searcher()
        return Search(self.schema, self._compiler(searcher), searcher, request).run()

    def get(self, ids: Sequence[str]) -> Mapping[str, Hit]:
        """The live documents among `ids`."""
        wanted = encodable(ids)
        if not wanted:
            return {}
        searcher = self._index.searcher()
        query = self._compiler(searcher).live(None, tantivy.Query.term_set_query(self._fields, ID, wanted))
        found = searcher.search(query, len(wanted), count=False)
        return {hit.id: hit for hit in (read(searcher, address) for _, address in found.hits)}

    def count(self, query: Query | None = None) -> int:
        """Live documents that fit `query`."""
        searcher = self._index.searcher()
        return total(searcher.search(self._compiler(searcher).live(query), 1))

    def _compiler(self, searcher: tantivy.Searcher) -> QueryCompiler:
        return QueryCompiler(self.schema, self._fields, searcher)
