"""Pages with signed cursors: a cursor says where to go on, and fits only the query that gave it."""

import base64
import binascii
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from services.kernel.errors import BadRequest, FieldError
from services.kernel.http.signing import SigningKey

Item = TypeVar("Item")

LARGEST_LIMIT: Final = 200
_MAC_BYTES: Final = 16
_LONGEST_CURSOR: Final = 512

Limit = Annotated[int, Query(ge=1, le=LARGEST_LIMIT, description="items on a page")]
Cursor = Annotated[str | None, Query(max_length=_LONGEST_CURSOR, description="next_cursor of the page before")]


class Page(BaseModel, Generic[Item]):
    """One page. `next_cursor` None: that was the last."""

    items: Sequence[Item]
    next_cursor: str | None = Field(None, description="opaque; good for the same filters only")


def _bad_cursor() -> BadRequest:
    error = FieldError("query:cursor", "bad_cursor", "翻页标记无效，请从第一页重新开始")
    return BadRequest(error.detail, code="bad_cursor", errors=[error])


@dataclass(frozen=True, slots=True)
class CursorSigner:
    """Makes and checks cursors. `position` is the last item's sort key; `query` is the name of the list and its filters."""

    key: SigningKey

    def _mac(self, payload: bytes, query: Mapping[str, str | None]) -> bytes:
        bound = json.dumps(dict(query), sort_keys=True).encode()
        return self.key.mac("cursor", payload + b"\0" + bound)[:_MAC_BYTES]

    def encode(self, position: Sequence[str | int | float | None], query: Mapping[str, str | None]) -> str:
        """The cursor for what follows `position`."""
        payload = json.dumps(list(position), separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._mac(payload, query) + payload).decode().rstrip("=")

    def decode(self, cursor: str, query: Mapping[str, str | None]) -> list[Any]:
        """The position. Raises BadRequest (bad_cursor) when it is forged, damaged, or of another query."""
        try:
            signed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as damaged:
            raise _bad_cursor() from damaged
        mac, payload = signed[:_MAC_BYTES], signed[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(payload, query)):
            raise _bad_cursor()
        position: list[Any] = json.loads(payload)
        return position
