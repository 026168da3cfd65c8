"""Signing by Standard Webhooks (the specification of that name, 1.0.0): `webhook-id`, `webhook-timestamp`, `webhook-signature`.

The signature is HMAC-SHA-256 over `id.timestamp.body` under each secret that is valid, as `v1,<base64>` parted by blanks: while
a secret is being changed, both are there.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"
_SECRET_BYTES: Final = 32


def new_secret() -> str:
    """256 random bits as the specification writes them."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature. `timestamp` in seconds since 1970."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def headers(valid: Sequence[str], message_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """The headers of one attempt, at the time of this attempt."""
    timestamp = int(now.timestamp())
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, message_id, timestamp, body) for secret in valid),
    }
