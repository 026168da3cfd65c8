"""Stream -> index. The matcher owns nothing but the index, which can be built anew from the streams at any time."""

from services.matcher.indexer.indexer import Indexer

__all__ = ["Indexer"]
