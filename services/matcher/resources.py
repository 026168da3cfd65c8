"""What the matcher works with; made by app.py, or by a test."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.kernel.bus.port import Bus
from services.kernel.clock import Clock
from services.kernel.index.port import Index
from services.kernel.text.segmenter import Segmenter
from services.matcher.indexer import status
from services.matcher.ranking.weights import Weights


@dataclass(frozen=True, slots=True)
class Matching:
    """The index that is searched, and what reads its words and weighs its facts."""

    index: Index
    bus: Bus
    clock: Clock
    segmenter: Segmenter
    weights: Weights

    async def ready(self) -> Mapping[str, str]:
        """Whether the index serves both collections. Raises IndexUnavailable, BusUnavailable."""
        found = await status.read(self.index, self.bus, self.segmenter.lexicon.version)
        return {
            f"index_{collection.value}_serving": "" if one.generation else "the first build is under way"
            for collection, one in found.collections.items()
        }
