"""A gate before Elasticsearch: passes requests on, unless a test has it answer by itself (413, 429, 503 …)."""

import asyncio
import json
import ssl
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    media_type: str = "application/json"

    @classmethod
    def of(cls, status: int, body: Any) -> "Answer":
        return cls(status, json.dumps(body).encode(), "application/vnd.elasticsearch+json;compatible-with=8")


Rule = Callable[[Request], Answer | None]
"""The gate's own answer to a request, or None to pass it on."""


@asynccontextmanager
async def gate(target: str, rule: Rule, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """The URL of a gate before `target` while the block runs; https with `tls`."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await _read(reader):
            answer = rule(request)
            if answer is None:
                answer = await asyncio.to_thread(_pass_on, target, request)
            writer.write(_head(answer) + answer.body)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def _read(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, path, headers, body)


def _pass_on(target: str, request: Request) -> Answer:
    kept = {name: value for name, value in request.headers.items() if name in {"content-type", "accept"}}
    passed = urllib.request.Request(  # noqa: S310 - a test's own server
        f"{target}{request.path}", request.body or None, kept, method=request.method
    )
    try:
        with urllib.request.urlopen(passed, timeout=30) as answer:  # noqa: S310
            return Answer(answer.status, answer.read(), answer.headers["content-type"])
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.read(), error.headers["content-type"])


def _head(answer: Answer) -> bytes:
    lines = [
        f"HTTP/1.1 {answer.status} .",
        f"Content-Type: {answer.media_type}",
        f"Content-Length: {len(answer.body)}",
        "X-Elastic-Product: Elasticsearch",
        "",
        "",
    ]
    return "\r\n".join(lines).encode("latin-1")


def is_bulk(request: Request) -> bool:
    return urlsplit(request.path).path.endswith("/_bulk")
