"""The erasure ledger as everybody reads it: who was erased must come back by no replay, no rebuild and no restored backup."""

from services.kernel.erasure.ledger import ErasureLedger, entries

__all__ = ["ErasureLedger", "entries"]
