"""The access service over HTTP."""

from collections.abc import Mapping
from typing import Any, Final

import httpx

from services.kernel.http.auth import Principal
from services.kernel.identity.port import AccessUnavailable, Allowance, Spent
from services.kernel.identity.tokens import refused

_ANSWERS_WITHIN_S: Final = 2.0
_REFUSED: Final = (400, 401)


class RemoteAccess:
    """Law in port.AccessPoint. `http` has the access service as its base URL and stays its owner's."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def trust(self) -> Mapping[str, Any]:
        """GET /v1/access/keys."""
        document: Mapping[str, Any] = (await self._answer("GET", "/v1/access/keys")).json()
        return document

    async def exchange(self, credential: str) -> str:
        """POST /v1/token, the OAuth2 client credentials grant (RFC 6749, section 4.4)."""
        identity, _, secret = credential.partition(".")
        form = {"grant_type": "client_credentials", "client_id": identity, "client_secret": secret}
        answer = await self._answer("POST", "/v1/token", data=form, refusals=_REFUSED)
        return str(answer.json()["access_token"])

    async def spend(self, holder: Principal, allowance: Allowance, amount: int) -> Spent:
        """POST /v1/access/spending."""
        body = {"allowance": str(allowance), "amount": amount}
        headers = {"Authorization": f"Bearer {holder.token}"}
        answer = await self._answer("POST", "/v1/access/spending", json=body, headers=headers, refusals=_REFUSED)
        return Spent(**answer.json())

    async def _answer(self, method: str, path: str, refusals: tuple[int, ...] = (), **arguments: Any) -> httpx.Response:
        try:
            answer = await self._http.request(method, path, timeout=_ANSWERS_WITHIN_S, **arguments)
        except httpx.TransportError as lost:
            raise AccessUnavailable(type(lost).__qualname__) from lost
        if answer.status_code in refusals:
            raise refused()
        if not answer.is_success:
            raise AccessUnavailable(f"HTTP {answer.status_code}")
        return answer
