"""Stream -> one generation: the handler that the consumer loop calls with each batch."""

import asyncio
import time
from collections.abc import Sequence

import structlog

from services.kernel import metrics, trace
from services.kernel.bus import DeadLetter, Done, Hold, Message, Verdict
from services.kernel.erasure import ErasureLedger
from services.kernel.index import Document, Generation, Index, IndexUnavailable, WriteOutcome, WriteResult
from services.kernel.text.segmenter import Segmenter
from services.matcher.indexer.documents import Collection
from services.matcher.indexer.projector import Poison, project

_log = structlog.get_logger(__name__)


class Feed:
    """Writes a collection's records into one generation: idempotent, in batches, segmentation off the event loop.

    `outdated`: the generation was built for another schema and serves only until its successor is ready. What does not fit it
    any more becomes a tombstone there: rather missing for a while than shown as it no longer is.
    """

    def __init__(
        self,
        index: Index,
        generation: Generation,
        collection: Collection,
        segmenter: Segmenter,
        *,
        erased: ErasureLedger,
        outdated: bool = False,
    ) -> None:
        self._index = index
        self._generation = generation
        self._collection = collection
        self._segmenter = segmenter
        self._erased = erased
        self._outdated = outdated

    async def __call__(self, messages: Sequence[Message]) -> Sequence[Verdict]:
        """A verdict for each message, in order. The log tells the traces that the messages belong to."""
        started = time.perf_counter()
        verdicts = await self._verdicts(messages)
        collection = self._collection.value
        metrics.INDEX_BATCH.labels(collection).observe(len(messages))
        metrics.INDEX_BATCH_DURATION.labels(collection).observe(time.perf_counter() - started)
        done = [message for message, verdict in zip(messages, verdicts, strict=True) if isinstance(verdict, Done)]
        traces = sorted({one for message in done if (one := trace.trace_id(message.headers.get("traceparent")))})
        _log.info(
            "indexed",
            collection=collection,
            generation=self._generation.name,
            messages=len(messages),
            done=len(done),
            traces=traces,
        )
        return verdicts

    async def _verdicts(self, messages: Sequence[Message]) -> Sequence[Verdict]:
        projected = await asyncio.to_thread(lambda: [self._projected(message) for message in messages])
        documents = [document for document in projected if isinstance(document, Document)]
        try:
            results = iter(await self._written(documents))
        except IndexUnavailable as error:
            return [one if isinstance(one, DeadLetter) else Hold(f"index: {error}") for one in projected]
        return [one if isinstance(one, DeadLetter) else _verdict(next(results)) for one in projected]

    def _projected(self, message: Message) -> Document | DeadLetter:
        try:
            document = project(self._collection, message.headers, message.value, self._segmenter)
            # A restored database may tell of somebody who was erased after the backup: as a tombstone, whatever the version.
            return Document(document.id, document.version, tombstone=True) if self._erased.holds(document.id) else document
        except Poison as poison:
            return DeadLetter(str(poison))
        except Exception as error:
            # Whatever people's words trip our reading of facts over, one record must not keep the others from the index.
            # It is loud: an error in the log, a dead letter, and the loop stops when they come in a row.
            _log.exception("projection_failed", collection=self._collection.value, key=message.key)
            return DeadLetter(f"projection failed: {type(error).__name__}")

    async def _written(self, documents: Sequence[Document]) -> Sequence[WriteResult]:
        if not documents:
            return []
        results = await self._index.write(self._generation, documents)
        refused = [place for place, result in enumerate(results) if result.outcome is WriteOutcome.REFUSED]
        if not (self._outdated and refused):
            return results
        tombstones = [Document(documents[place].id, documents[place].version, tombstone=True) for place in refused]
        replaced = dict(zip(refused, await self._index.write(self._generation, tombstones), strict=True))
        return [replaced.get(place, result) for place, result in enumerate(results)]


def _verdict(result: WriteResult) -> Verdict:
    match result.outcome:
        case WriteOutcome.DONE | WriteOutcome.STALE:
            return Done()
        case WriteOutcome.HOLD:
            return Hold(f"index: {result.reason}")
        case WriteOutcome.REFUSED:
            return DeadLetter(f"index: {result.reason}")
