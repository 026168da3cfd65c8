"""One attempt: a POST to exactly the address that was judged; no redirects, no proxies, only the answer's status is read."""

import ssl
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Self

import httpx

from services.jobs.webhooks.addresses import NotAllowed, Resolve, allowed_address, by_system
from services.jobs.webhooks.endpoint import Attempt

TIMEOUT_S: Final = 15.0
_LONGEST_ERROR: Final = 200
_PORTS: Final = {"https": 443, "http": 80}


class Sender:
    """Sends. `reach_private`: for development, private addresses and plain http are reached, too. `trust`: whose certificates
    are believed; without it the usual authorities'."""

    def __init__(
        self,
        *,
        reach_private: bool,
        resolve: Resolve = by_system,
        trust: ssl.SSLContext | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._reach_private = reach_private
        self._resolve = resolve
        # No connection is kept: one made to an address for one name must not carry another name's message.
        self._client = httpx.AsyncClient(
            trust_env=False,
            verify=trust or True,
            follow_redirects=False,
            timeout=timeout_s,
            limits=httpx.Limits(max_keepalive_connections=0),
            headers={"User-Agent": "yungong-webhooks"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Attempt:
        """Try once. Raises nothing: whatever goes wrong is how the attempt went."""
        target = httpx.URL(url)
        port = target.port or _PORTS[target.scheme]
        try:
            address = await allowed_address(target.host, port, self._resolve, reach_private=self._reach_private)
            request = self._client.build_request(
                "POST",
                target.copy_with(host=address),
                headers={**headers, "Host": target.netloc.decode("ascii")},
                content=body,
                extensions={"sni_hostname": target.host},
            )
            answer = await self._client.send(request, stream=True)
            await answer.aclose()
        except NotAllowed as refused:
            return Attempt(None, f"not allowed: {refused}")
        except (OSError, TimeoutError, httpx.HTTPError, httpx.InvalidURL) as failure:
            return Attempt(None, f"{type(failure).__name__}: {failure}"[:_LONGEST_ERROR])
        return Attempt(answer.status_code, retry_after=_retry_after(answer))


def _retry_after(answer: httpx.Response) -> timedelta | None:
    said = answer.headers.get("retry-after", "")
    return timedelta(seconds=int(said)) if said.isascii() and said.isdigit() and len(said) < len("1000000") else None
