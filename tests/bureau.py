"""A county bureau at work: the workers service over HTTP, on a calendar that a test turns, with clerks of several regions."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import httpx

from services.kernel.clock import CHINA
from services.kernel.http.application import create_application
from services.workers.app import part
from tests.builders import STAFF, TODAY, Callers, as_caller, settings, staff_of
from tests.registers import identity_number


@dataclass
class Calendar:
    """A clock whose day a test turns; each look at the time is a second later than the last."""

    day: date = TODAY
    seconds: int = 0

    def now(self) -> datetime:
        self.seconds += 1
        return datetime.combine(self.day, time(9), CHINA).astimezone(UTC) + timedelta(seconds=self.seconds)

    def today(self) -> date:
        return self.day


def somebody(sequence: int = 2, **changes: Any) -> dict[str, Any]:
    """The body of a person who is in order, another one for each sequence."""
    return {
        "name": "余德珍",
        "identity_number": identity_number(date(1985, 1, 2), sequence),
        "county_code": "530627",
        "phone": f"154{sequence:08d}",
        "township": "乌峰街道",
        "household_category": "HS02",
        "employment_status": "S1",
        "willingness": "W3",
        "words": {"intention_occupations": "保洁", "intention_places": "上海"},
    } | changes


Query = Mapping[str, str | int]


@dataclass
class Bureau:
    """The service, as the clerk of the whole province sees it unless `by` names another."""

    client: httpx.AsyncClient
    calendar: Calendar
    folder: Path

    async def post(self, path: str, body: Any = None, *, by: str = "province", status: int = 201) -> Any:
        return await self._call("POST", path, status, by, json=body)

    async def get(self, path: str, query: Query | None = None, *, by: str = "province", status: int = 200) -> Any:
        return await self._call("GET", path, status, by, params=query)

    async def patch(self, path: str, version: int, body: Any, *, by: str = "province", status: int = 200) -> Any:
        return await self._call("PATCH", path, status, by, json=body, headers={"If-Match": f'"{version}"'})

    async def put(self, path: str, version: int, body: Any, *, by: str = "province", status: int = 200) -> Any:
        return await self._call("PUT", path, status, by, json=body, headers={"If-Match": f'"{version}"'})

    async def register(self, sequence: int = 2, **changes: Any) -> str:
        """Register somebody; their id."""
        return str((await self.post("/v1/workers", somebody(sequence, **changes)))["id"])

    async def _call(
        self, method: str, path: str, status: int, by: str, *, headers: dict[str, str] | None = None, **arguments: Any
    ) -> Any:
        answer = await self.client.request(method, path, headers=as_caller(by) | (headers or {}), **arguments)
        assert answer.status_code == status, answer.text
        return answer.json() if "json" in answer.headers.get("content-type", "") else answer.content


@asynccontextmanager
async def bureau(folder: Path, **changes: Any) -> AsyncIterator[Bureau]:
    """A bureau whose database is in `folder`, or where the settings say."""
    calendar = Calendar()
    callers = Callers({"province": STAFF, "zhenxiong": staff_of("530627"), "huize": staff_of("530326")})
    config = settings(folder, **changes)
    application = create_application(
        title="人员", parts=[part(config, calendar)], authenticator=callers, body_limit=config.body_limit_bytes
    )
    transport = httpx.ASGITransport(application)
    async with (
        application.router.lifespan_context(application),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        yield Bureau(client, calendar, folder)
