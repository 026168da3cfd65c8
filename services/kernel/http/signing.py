"""One secret per installation, from which the keys for cursors and request fingerprints are derived."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from services.kernel.http.local_credential import write_private

_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Authenticates what we hand out and take back. All processes of one service share it."""

    secret: bytes = field(repr=False)

    @classmethod
    def ensure(cls, path: Path) -> Self:
        """The key in this file, made (readable by its owner alone) the first time."""
        if not path.exists():
            write_private(path, secrets.token_hex(_KEY_BYTES), keep_present=True)
        return cls(bytes.fromhex(path.read_text("utf-8").strip()))

    def mac(self, purpose: str, message: bytes) -> bytes:
        """HMAC-SHA-256 under a key of its own for each purpose."""
        key = hmac.digest(self.secret, purpose.encode(), hashlib.sha256)
        return hmac.digest(key, message, hashlib.sha256)
