"""The access service in the same process, as kernel/identity sees it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from services.access import spending, tokens
from services.access.resources import Access
from services.kernel.http.auth import Principal
from services.kernel.identity.port import AccessUnavailable, Allowance, Spent
from services.kernel.store.port import StoreUnavailable


class OwnAccess:
    """Law in kernel/identity/port.AccessPoint. `access` finds the service, which opens after those who ask are made."""

    def __init__(self, access: Callable[[], Access]) -> None:
        self._access = access

    async def trust(self) -> Mapping[str, Any]:
        """From its database."""
        with _unavailable():
            return await tokens.trust(self._access())

    async def exchange(self, credential: str) -> str:
        """By its database."""
        with _unavailable():
            return (await tokens.exchange(self._access(), credential)).token

    async def spend(self, holder: Principal, allowance: Allowance, amount: int) -> Spent:
        """From its database."""
        with _unavailable():
            return await spending.spend(self._access(), holder, allowance, amount)


@contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except StoreUnavailable as away:
        raise AccessUnavailable(str(away)) from away
