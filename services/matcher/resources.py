"""What the matcher works with; made by app.py, or by a test."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.kernel import metrics
from services.kernel.bus.port import Bus, BusUnavailable
from services.kernel.clock import Clock
from services.kernel.erasure import ErasureLedger
from services.kernel.http.paging import CursorSigner
from services.kernel.index.port import Hit, Hits, Index, SearchRequest
from services.kernel.text.segmenter import Segmenter
from services.matcher.indexer import status
from services.matcher.indexer.documents import Collection
from services.matcher.indexer.generations import TOPIC
from services.matcher.ranking.tiebreaks import Tiebreaks
from services.matcher.ranking.weights import Weights

_READER: Final = "indexer"
_BUS_WITHIN_S: Final = 1.5


@dataclass(frozen=True, slots=True)
class Matching:
    """The index that is searched, and what reads its words and weighs its facts."""

    index: Index
    bus: Bus
    clock: Clock
    segmenter: Segmenter
    weights: Weights
    tiebreaks: Tiebreaks
    cursors: CursorSigner
    erased: ErasureLedger

    async def search(self, collection: str, request: SearchRequest) -> Hits:
        """Hits of the index without anybody who was erased, whatever the index still holds. Raises IndexUnavailable."""
        found = await self.index.search(collection, request)
        return replace(found, hits=[hit for hit in found.hits if not self.erased.holds(hit.id)])

    async def get(self, collection: str, ids: Sequence[str]) -> Mapping[str, Hit]:
        """The same of documents by id."""
        found = await self.index.get(collection, ids)
        return {id_: hit for id_, hit in found.items() if not self.erased.holds(id_)}

    async def ready(self) -> Mapping[str, str]:
        """Whether the index serves both collections, and the bus answers who asks for the lag. Raises IndexUnavailable."""
        told = {}
        for collection in Collection:
            serving = any(one.active for one in await self.index.generations(collection.value))
            told[f"index_{collection.value}_serving"] = "" if serving else "检索还在编第一遍"
        ledger = "还没有读到删除台账：检索照常，已删除的人以索引里的删除标记为准" if self.erased.trouble else ""
        return {**told, "erasures": ledger, "bus": await self._bus_trouble()}

    async def _bus_trouble(self) -> str:
        try:
            async with asyncio.timeout(_BUS_WITHIN_S):
                await self.bus.lag(list(TOPIC.values()), _READER)
        except (BusUnavailable, TimeoutError):
            return "消息通道连不上：检索照常，新的变更暂时进不来"
        return ""

    async def measure(self) -> None:
        """Set the gauges of the way from bus to index. Raises IndexUnavailable, BusUnavailable; then they are UNKNOWN."""
        lag = dict.fromkeys((topic.name for topic in TOPIC.values()), metrics.UNKNOWN)
        try:
            lag |= (await status.read(self.index, self.bus, self.segmenter.lexicon.version)).lag
        finally:
            for topic, behind in lag.items():
                metrics.BUS_LAG.labels(topic, _READER).set(behind)
