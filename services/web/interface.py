"""The public interface as the pages use it: over HTTP with the user's own credential. There is no private door."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

Answer = dict[str, Any]


class Refused(Exception):
    """The interface answered with a problem (RFC 9457)."""

    def __init__(self, document: Mapping[str, Any], status: int) -> None:
        super().__init__(str(document.get("code", status)))
        self.document = document
        self.status = status


@dataclass(frozen=True, slots=True)
class Interface:
    """Calls with one user's credential. Every method raises Refused."""

    http: httpx.AsyncClient
    token: str

    async def get(self, path: str, **parameters: str | int) -> Answer:
        """The JSON answer to a GET."""
        answer: Answer = (await self._call("GET", path, params=parameters)).json()
        return answer

    async def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """The JSON answer to a POST of a JSON body."""
        answer: Answer = (await self._call("POST", path, json=body)).json()
        return answer

    async def import_file(self, kind: str, content: bytes, name: str) -> Answer:
        """Hand in a sheet; the import as it begins."""
        files = {"file": (name, content)}
        answer: Answer = (await self._call("POST", f"/v1/{kind}/imports", files=files)).json()
        return answer

    async def download(self, path: str) -> httpx.Response:
        """A file with its headers."""
        return await self._call("GET", path)

    async def _call(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        try:
            response = await self.http.request(method, path, headers=headers, **arguments)
        except httpx.TransportError as lost:
            raise Refused({"code": "unreachable", "title": "服务暂时连不上，请稍后再试"}, 503) from lost
        if not response.is_success:
            raise Refused(_document(response), response.status_code)
        return response


def _document(response: httpx.Response) -> Mapping[str, Any]:
    try:
        document = response.json()
    except ValueError:
        document = None
    return document if isinstance(document, dict) else {"code": "bad_gateway", "title": "服务的回答读不懂"}
