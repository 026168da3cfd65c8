"""Identifiers: a kind's prefix and a ULID: they sort by birth, say what they are and cannot be guessed from one another."""

from ulid import ULID


def new_id(prefix: str) -> str:
    """A new identifier such as `w_01JD3Z…` (prefix, underscore, 26 characters of Crockford base 32)."""
    return f"{prefix}_{ULID()}"
