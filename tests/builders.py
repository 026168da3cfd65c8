"""Builders that several rooms' tests share. Each makes something valid; a test changes what it is about."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from services.contracts.permissions import Permission, PrincipalKind
from services.kernel.clock import FixedClock
from services.kernel.errors import Unauthenticated
from services.kernel.http.auth import Principal, Scope
from services.kernel.http.local_credential import LocalCredential
from services.kernel.settings import Settings

STAFF = Principal("tester", frozenset(Permission), PrincipalKind.STAFF, Scope.everywhere())
"""Who may do everything everywhere."""
TODAY = date(2026, 11, 1)
CLOCK = FixedClock(TODAY)


def settings(data: Path, **changes: Any) -> Settings:
    """Settings of the embedded default in a test's own directory."""
    return Settings(data=data, **changes)


@asynccontextmanager
async def serving(application: FastAPI, data: Path | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that has started; with `data` it presents that directory's local credential."""
    transport = httpx.ASGITransport(application)
    async with application.router.lifespan_context(application):
        headers = {"Authorization": f"Bearer {LocalCredential.read(data)}"} if data else {}
        async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
            yield client


def new_posting(**changes: Any) -> dict[str, Any]:
    """The body of a posting that is in order."""
    return {
        "employer_name": "上海棠梨湾家庭服务有限公司",
        "title": "住家育儿嫂",
        "division_code": "310115",
        "headcount": 3,
        "number": "P101",
        "employer_kind": "K01",
        "place": "上海市浦东新区陆家嘴",
        "pay_min": 7000,
        "pay_max": 9000.5,
        "valid_until": "2027-03-31",
        "source_text": "沪滇劳务协作平台",
        "words": {"lodging": "住雇主家，单间", "description": "带一岁半宝宝，做辅食。"},
    } | changes


def staff_of(*regions: str, **changes: Any) -> Principal:
    """A clerk who serves these regions and may write postings everywhere."""
    scope = Scope(frozenset(regions), workplaces=None)
    return Principal("-".join(regions) or "none", frozenset(Permission), PrincipalKind.STAFF, **({"scope": scope} | changes))


class Callers:
    """An authenticator that knows principals by name: `as_caller(name)` are the headers of one."""

    def __init__(self, callers: Mapping[str, Principal]) -> None:
        self._callers = callers

    async def authenticate(self, token: str) -> Principal:
        """The principal of that name. Raises Unauthenticated."""
        if token not in self._callers:
            raise Unauthenticated()
        return replace(self._callers[token], token=token)


def as_caller(name: str) -> dict[str, str]:
    """The headers of a caller whom `Callers` knows."""
    return {"Authorization": f"Bearer {name}"}
