"""The matrix itself, and what it would notice."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from itertools import cycle
from pathlib import Path
from typing import Final

import httpx
import pytest
from sqlalchemy import true

from services.cli import embedded
from services.kernel import scoping
from services.kernel.http.auth import Requirement
from tests.builders import serving, settings
from tests.contract.streams import until
from tests.matrix import world as worlds
from tests.matrix.oracle import Question, faults
from tests.matrix.sampling import Operation, operations
from tests.matrix.world import OWN, RANDOM, RANDOM_ID, Caller, World

NOT_FOUND: Final = 404
# A call that ends the caller itself, or every token at once, would leave nobody to ask the rest.
NOT_ON_ONES_OWN: Final = {"POST /v1/access/accounts/{account_id}/revocation", "POST /v1/access/keys"}

# What may be read of a record that may not be read whole.
SEEN_BY_FEWER: Final = {
    ("GET /v1/postings/{posting_id}/history", "kiosk"),
    # A station looks after postings of its city; an employer's sheet may name any place.
    ("GET /v1/postings/imports/{import_id}", "station"),
    ("GET /v1/postings/imports/{import_id}/report.xlsx", "station"),
    ("GET /v1/postings/imports/{import_id}/differences", "station"),
}


class Matrix:
    """Asks everything, in an order in which nothing is changed before it is asked about."""

    def __init__(self, client: httpx.AsyncClient, world: World, asked: list[Operation]) -> None:
        self._client = client
        self._world = world
        self._operations = asked
        self._turn: dict[str, Iterator[str]] = {one.role: cycle(one.tokens) for one in world.callers if one.tokens}
        self.statuses: Counter[int] = Counter()
        self.found: list[str] = []
        self.owned: Counter[bool] = Counter()

    async def ask_all(self) -> None:
        """Reads first, then changes of what is not the caller's, last changes of what is."""
        questions = [
            one for operation in self._operations for caller in self._world.callers for one in self._of(operation, caller)
        ]
        for stage in (self._reads, self._changes_elsewhere, self._changes):
            for asked in filter(stage, questions):
                await self._ask(asked)

    def _of(self, operation: Operation, caller: Caller) -> Iterator[Question]:
        names = operation.parameters
        if not names:
            yield Question(operation, caller, "-", (), {})
            return
        for kind in worlds.KINDS:
            about = [self._world.about(operation.path, name, kind) for name in names]
            present = [one for one in about if one is not None]
            if kind != RANDOM and not present:
                continue
            known = zip(names, about, strict=True)
            ids = {name: one.id if one is not None else operation.sampled(name) or RANDOM_ID for name, one in known}
            yield Question(operation, caller, kind, present, ids)

    @staticmethod
    def _reads(asked: Question) -> bool:
        return not asked.operation.changes

    @staticmethod
    def _changes_elsewhere(asked: Question) -> bool:
        return asked.operation.changes and bool(asked.ids) and not (asked.permitted and asked.reached)

    @staticmethod
    def _changes(asked: Question) -> bool:
        changes = asked.operation.changes and (not asked.ids or (asked.permitted and asked.reached))
        return changes and asked.operation.name not in NOT_ON_ONES_OWN

    async def _ask(self, asked: Question) -> None:
        answer = await self._send(asked, asked.path)
        unknown = None
        if asked.about and not asked.reached and asked.permitted:
            unknown = await self._send(asked, asked.unknown_path)
        self.found += [f"{asked.name}: {fault}" for fault in faults(asked, answer, unknown, self._world)]
        mine = asked.kind == OWN and asked.permitted and asked.reached and not asked.operation.changes
        if mine and (asked.operation.name, asked.caller.role) not in SEEN_BY_FEWER:
            self.owned[answer.is_success] += 1
            itself = asked.operation.path.endswith("}")  # what hangs on a record may not be there; the record must be
            if not answer.is_success and (itself or answer.status_code != NOT_FOUND):
                self.found.append(f"{asked.name}: {answer.status_code} for a record of one's own {answer.text[:200]}")

    async def _send(self, asked: Question, path: str) -> httpx.Response:
        headers = {"If-Match": '"1"'} if asked.operation.method in ("PATCH", "PUT") else {}
        if asked.caller.role in self._turn:
            headers["Authorization"] = f"Bearer {next(self._turn[asked.caller.role])}"
        operation = asked.operation
        answer = await self._client.request(
            operation.method, path, params=operation.query(), headers=headers, **operation.body()
        )
        self.statuses[answer.status_code] += 1
        return answer


@pytest.fixture
async def admin(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The whole system in this process, and the administrator's client."""
    async with serving(embedded.build(settings(tmp_path)), tmp_path) as client:
        yield client


@pytest.fixture
async def world(admin: httpx.AsyncClient) -> World:
    """The world, searchable."""
    built = await worlds.build(admin)

    async def searchable() -> bool:
        status = (await admin.get("/v1/index/status")).json()
        counts = (await admin.get("/v1/workers/counts")).json()
        return counts["unpublished"] == 0 and not any(status["lag"].values()) and status["postings"] == len(worlds.EMPLOYERS)

    await until(searchable)
    return built


async def asked(admin: httpx.AsyncClient, world: World, *only: str) -> Matrix:
    """The matrix after everything was asked: of all operations, or of `only` these."""
    document = (await admin.get("/openapi.json")).json()
    everything = [one for one in operations(document) if not only or one.name in only]
    async with httpx.AsyncClient(transport=admin._transport, base_url="http://test") as client:
        matrix = Matrix(client, world, everything)
        await matrix.ask_all()
    return matrix


async def test_nobody_sees_or_changes_what_is_not_theirs(admin: httpx.AsyncClient, world: World) -> None:
    matrix = await asked(admin, world)
    print(f"{len(world.callers)} roles, {matrix.statuses.total()} answers: {dict(matrix.statuses)}")  # noqa: T201
    assert matrix.found == []
    assert matrix.statuses.total() > 2000
    assert matrix.owned[True] > 60


async def test_a_list_that_forgets_its_scope_is_found_out(
    admin: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoping, "residents", lambda *_: true())
    matrix = await asked(admin, world, "GET /v1/workers", "GET /v1/workers/{worker_id}")
    assert any("GET /v1/workers as clerk (-): shows QAWAY" in fault for fault in matrix.found)
    assert any("as clerk (other region): 200 for a record that is out of scope" in fault for fault in matrix.found)


async def test_a_route_that_asks_for_too_little_is_found_out(
    admin: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Requirement, "permit", lambda _, principal: principal)
    matrix = await asked(admin, world, "GET /v1/workers", "POST /v1/workers")
    assert any("GET /v1/workers as kiosk (-): 200 without the permission" in fault for fault in matrix.found)
