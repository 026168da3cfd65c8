"""The command line's way to the server: over HTTP like everybody else. Finds the URL and the credential by itself.

URL: --url or YUNGONG_URL, else what the server of the data directory announced, else the usual local one.
Credential: YUNGONG_CREDENTIAL, else the one that `up` left in the data directory, which is shown to this machine only.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import httpx

from services.cli import data_directory
from services.kernel.http.local_credential import CredentialMissing, LocalCredential
from services.kernel.http.loopback import is_loopback

USUAL_URL: Final = "http://127.0.0.1:8000"
TIMEOUT: Final = httpx.Timeout(30.0, connect=5.0)

Answer = dict[str, Any]


class Refused(Exception):
    """The server answered with a problem (RFC 9457). `document` is that problem."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__(f"{document.get('title', '')}：{document.get('detail', '')}")
        self.document = document

    @classmethod
    def from_response(cls, response: httpx.Response) -> Self:
        """The problem in a response; one is made up for an answer that is not ours (a proxy's page)."""
        try:
            document = response.json()
        except ValueError:
            document = None
        if not isinstance(document, dict) or "code" not in document:
            document = {
                "code": "not_yungong",
                "title": "对方不是云工服务器",
                "detail": f"{response.url.host} 返回了 HTTP {response.status_code}",
                "status": response.status_code,
            }
        return cls(document)


class Unreachable(Exception):
    """No server answers at the URL."""

    def __init__(self, url: str) -> None:
        super().__init__(f"连不上服务器 {url}。请先运行 yungong up，或用 --url / --data 指明服务器在哪里。")


@dataclass(frozen=True, slots=True)
class Target:
    """Where the server is and what we show at its door; `token` None when there is nothing to show."""

    url: str
    token: str | None


def find(url: str | None, data: Path) -> Target:
    """The server meant by the options, by the environment, or by the data directory."""
    announced = data_directory.announced_url(data)
    chosen = (url or announced or USUAL_URL).rstrip("/")
    if credential := os.environ.get("YUNGONG_CREDENTIAL"):
        return Target(chosen, credential)
    if chosen != announced and not is_loopback(httpx.URL(chosen).host):
        return Target(chosen, None)  # this machine's credential is not for other machines to see
    try:
        return Target(chosen, LocalCredential.read(data))
    except CredentialMissing:
        return Target(chosen, None)


class Client:
    """Calls of the public API. Every method raises Refused for a problem and Unreachable when nobody answers."""

    def __init__(self, target: Target, transport: httpx.BaseTransport | None = None) -> None:
        self.target = target
        headers = {"Authorization": f"Bearer {target.token}"} if target.token else {}
        # Proxies of the environment are for the internet, not for the bureau's own server.
        self._http = httpx.Client(base_url=target.url, headers=headers, timeout=TIMEOUT, trust_env=False, transport=transport)

    def get(self, path: str, **parameters: str | int | list[str]) -> Answer:
        """The JSON answer to a GET; a list is a parameter said several times."""
        answer: Answer = self._call("GET", path, params=parameters).json()
        return answer

    def send(self, method: str, path: str, body: Any = None) -> Answer:
        """The JSON answer to a request with this JSON body."""
        answer: Answer = self._call(method, path, json=body).json()
        return answer

    def post_file(self, path: str, file: Path, **parameters: str) -> Answer:
        """Upload a file as the form field `file`; the JSON answer."""
        with file.open("rb") as content:
            answer: Answer = self._call("POST", path, files={"file": (file.name, content)}, params=parameters).json()
        return answer

    def download(self, path: str, **parameters: str | int) -> bytes:
        """The bytes of a file."""
        return self._call("GET", path, params=parameters).content

    def save(self, path: str, body: Any, file: Path) -> int:
        """Save the file that answers a POST, whole or not at all, readable by its owner only; its bytes. Raises OSError."""
        draft = file.with_name(f".{file.name}.part")
        draft.unlink(missing_ok=True)
        try:
            with (
                self._streamed(path, body) as chunks,
                os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept,
            ):
                size = sum(kept.write(chunk) for chunk in chunks)
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
        return size

    @contextmanager
    def _streamed(self, path: str, body: Any) -> Iterator[Iterator[bytes]]:
        try:
            with self._http.stream("POST", path, json=body) as response:
                if not response.is_success:
                    response.read()
                    raise Refused.from_response(response)
                yield response.iter_bytes()
        except (httpx.TransportError, httpx.InvalidURL) as unreachable:
            raise Unreachable(self.target.url) from unreachable

    def readiness(self) -> Answer:
        """What /readyz says, whether ready or not. Raises Unreachable, Refused."""
        response = self._send("GET", "/readyz")
        if response.status_code not in {200, 503} or "components" not in response.text:
            raise Refused.from_response(response)
        answer: Answer = response.json()
        return answer

    def _call(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        response = self._send(method, path, **arguments)
        if not response.is_success:
            raise Refused.from_response(response)
        return response

    def _send(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        try:
            return self._http.request(method, path, **arguments)
        except (httpx.TransportError, httpx.InvalidURL) as unreachable:
            raise Unreachable(self.target.url) from unreachable

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()


@contextmanager
def connected(url: str | None, data: Path) -> Iterator[Client]:
    """A client of the server that the options mean, closed afterwards."""
    client = Client(find(url, data))
    try:
        yield client
    finally:
        client.close()
