"""The jobs service for tests with callers of several kinds, and a clock that can be moved."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from services.jobs.app import part
from services.jobs.judging import Judge, judged
from services.jobs.resources import Jobs
from services.kernel.clock import CHINA
from services.kernel.http.application import create_application
from tests.builders import TODAY, serving, settings
from tests.principals import Known, bearer, portal, staff


@dataclass
class MovingClock:
    """Noon (China) of a day, until the test moves it."""

    at: datetime = field(default_factory=lambda: datetime.combine(TODAY, time(12), CHINA).astimezone(UTC))

    def now(self) -> datetime:
        return self.at

    def today(self) -> date:
        return self.at.astimezone(CHINA).date()

    def move(self, **span: float) -> None:
        """Later by that much (timedelta's words)."""
        self.at += timedelta(**span)


@dataclass
class Served:
    """A running jobs service. `client` presents staff unless a request says otherwise."""

    application: FastAPI
    client: httpx.AsyncClient
    clock: MovingClock
    callers: Known

    @property
    def jobs(self) -> Jobs:
        """Its resources."""
        resources: Jobs = self.application.state.jobs
        return resources

    async def employer(self, name: str, **changes: Any) -> dict[str, Any]:
        """A registered employer with a portal that goes by the same name."""
        body = {"name": name, "kind": "K01", "uscc": None, "sandbox": True} | changes
        created = await self.client.post("/v1/employers", json=body)
        assert created.status_code == 201, created.text
        employer: dict[str, Any] = created.json()
        self.callers.add([portal(name, employer["id"])])
        return employer


@asynccontextmanager
async def jobs_service(data: Path, judge: Judge = judged, **changes: Any) -> AsyncIterator[Served]:
    """The service on a database of its own, on 2026-11-01 until its clock is moved."""
    clock, callers = MovingClock(), Known(staff())
    application = create_application(title="jobs", parts=[part(settings(data, **changes), clock, judge)], authenticator=callers)
    async with serving(application) as client:
        client.headers.update(bearer("staff-1"))
        yield Served(application, client, clock, callers)


def database_bytes(data: Path) -> bytes:
    """Everything that the jobs database wrote to disk."""
    return b"".join(file.read_bytes() for file in data.glob("jobs.db*"))
