"""Clients that change people's records for a while, each its own, and keep a history of what they asked for."""

import asyncio
from dataclasses import dataclass

import httpx

from services.kernel.ids import new_id
from tests.history.operations import History, Operation, Outcome
from tests.registers import new_worker

PAUSE_S = 0.05
WISHES = ("保洁", "月嫂", "保安", "养老护理员", "住家保姆")


@dataclass
class Client:
    """Registers people from number `first` on, amends each some times, and withdraws every third."""

    http: httpx.AsyncClient
    history: History
    first: int

    async def work(self, people: int) -> None:
        """Until that many people were taken care of."""
        for sequence in range(self.first, self.first + people):
            registered = await self._insisted("worker.registered", "/v1/workers", new_worker(sequence))
            for wish in WISHES[: 1 + sequence % len(WISHES)]:
                await self._amend(registered.subject or "", {"words": {"intention_occupations": wish}})
            if sequence % 3 == 0:
                path = f"/v1/workers/{registered.subject}/withdrawal"
                await self._insisted("worker.withdrawn", path, {"reason": "不再找工作"}, subject=registered.subject)

    async def _insisted(self, kind: str, path: str, body: object, *, subject: str | None = None) -> Operation:
        """Ask under one idempotency key until there is an answer."""
        headers = {"Idempotency-Key": new_id("key")}
        while True:
            asked = await self.history.change(self.http, kind, "POST", path, subject=subject, json=body, headers=headers)
            if asked.outcome is not Outcome.UNKNOWN:
                assert asked.outcome is Outcome.OK, f"{kind} was refused"
                return asked
            await asyncio.sleep(PAUSE_S)

    async def _amend(self, subject: str, changes: object) -> None:
        """Once, in the version that stands; without an answer it may have been done."""
        headers = {"If-Match": await self._etag(subject)}
        path = f"/v1/workers/{subject}"
        await self.history.change(self.http, "worker.amended", "PATCH", path, subject=subject, json=changes, headers=headers)

    async def _etag(self, subject: str) -> str:
        while True:
            try:
                found = await self.http.get(f"/v1/workers/{subject}")
            except httpx.TransportError:
                await asyncio.sleep(PAUSE_S)
                continue
            if found.status_code == httpx.codes.OK:
                return found.headers["ETag"]
            await asyncio.sleep(PAUSE_S)
