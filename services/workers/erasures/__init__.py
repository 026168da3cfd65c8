"""Erasing a person: the data key and every row destroyed, a tombstone told, and a digest left in the ledger (PIPL 47)."""
