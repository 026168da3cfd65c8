"""One run over a collection: the whole system in a throw-away directory, on the collection's day, through the public interface.

The records go in as sheets by the same import as a user's file; what comes back is what `candidates` and `openings` answer.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import httpx
from fastapi import FastAPI

from services.cli.evaluation import lending, worst
from services.cli.evaluation.collection import POSTING_NUMBER, WORKER_NUMBER, Collection, Record
from services.cli.evaluation.measures import Run
from services.cli.evaluation.searching import Reading, searched
from services.kernel.clock import FixedClock
from services.kernel.http.local_credential import LocalCredential
from services.kernel.settings import Settings

Backend = Literal["embedded", "real"]
Order = Literal["parts", "bm25"]
Direction = Literal["candidates", "openings"]
Kind = Literal["workers", "postings"]
Tell = Callable[[str, int, int], None]
"""Progress: what is under way, how much is done, of how much."""

ORDERS: Final[tuple[Order, ...]] = ("parts", "bm25")
DEPTH: Final = 100
_INDEXED_WITHIN_S: Final = 300.0
_EVERY_S: Final = 0.1
_NO_ENVIRONMENT: Final = "YUNGONG_EVALUATE_"
"""An embedded run must never reach the backends that the environment names for the real system."""
_PATHS: Final[Mapping[Direction, tuple[Kind, str]]] = {
    "candidates": ("postings", "candidates"),
    "openings": ("workers", "openings"),
}


class EvaluationFailed(Exception):
    """The run came to no figures; the message says in Chinese why."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What the import made of one kind of records."""

    accepted: int
    rejected: int
    findings: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back: by kind what was imported, by direction and order the lists (numbers of the source, not our ids)."""

    taken: Mapping[Kind, Taken]
    runs: Mapping[tuple[Direction, Order], Run]
    versions: Mapping[str, str]
    searches: Mapping[str, Mapping[Reading, Run]]
    """By the file of searches and how the text was used: what was found."""
    worst: Mapping[Direction, Sequence[Mapping[str, Any]]]


async def run(collection: Collection, tell: Tell, backend: Backend = "embedded") -> Outcome:
    """Import, index and rank everything. Raises EvaluationFailed.

    `real` goes the whole way over the servers that the environment names, which must be empty: invented people have no
    business in a register.
    """
    # The server's libraries take a second to import; the other commands do without.
    from services.cli import embedded  # noqa: PLC0415
    from services.jobs.judging import unjudged  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="yungong-evaluate-") as folder:
        settings = _settings(Path(folder), backend)
        application = embedded.build(settings, FixedClock(collection.today), unjudged)
        async with _interface(application, settings) as http:
            await _insist_on_empty(http)
            workers = list(lending.with_identities(collection.workers, collection.today))
            taken: dict[Kind, Taken] = {
                "workers": await _import(http, "workers", workers),
                "postings": await _import(http, "postings", collection.postings),
            }
            tell("编入检索", 0, 1)
            versions = await _indexed(http, {kind: outcome.accepted for kind, outcome in taken.items()})
            runs: dict[tuple[Direction, Order], Run] = {}
            for direction in _PATHS:
                for order in ORDERS:
                    runs[direction, order] = await _rank_all(http, collection, direction, order, tell)
            found = {name: await searched(http, searches, tell) for name, searches in collection.searches.items()}
            badly = {direction: await _worst(http, collection, direction, runs[direction, "parts"]) for direction in _PATHS}
            return Outcome(taken, runs, versions, found, badly)


def _settings(folder: Path, backend: Backend) -> Settings:
    # The score alone is judged: what settles ties by day or household is off.
    if backend == "embedded":
        return Settings(_env_prefix=_NO_ENVIRONMENT, data=folder, match_poverty_first=False, match_rotate=False)
    settings = Settings(data=folder, match_poverty_first=False, match_rotate=False)
    wanted = {
        "YUNGONG_WORKERS_STORE_URL": (settings.workers_store_url, "postgresql+asyncpg://"),
        "YUNGONG_JOBS_STORE_URL": (settings.jobs_store_url, "postgresql+asyncpg://"),
        "YUNGONG_BUS_URL": (settings.bus_url, "kafka://"),
        "YUNGONG_INDEX_URL": (settings.index_url, "http"),
    }
    missing = [f"{name}（{scheme}…）" for name, (url, scheme) in wanted.items() if not url.startswith(scheme)]
    if missing:
        raise EvaluationFailed(f"--backend real 需要这些环境变量：{'、'.join(missing)}")
    return settings


async def _insist_on_empty(http: httpx.AsyncClient) -> None:
    for kind in ("workers", "postings"):
        if (await _answer(http, f"/v1/{kind}/counts"))[kind]:
            raise EvaluationFailed("这些服务器上已有登记，评价只在空的服务器上进行")


@asynccontextmanager
async def _interface(application: FastAPI, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        application.router.lifespan_context(application),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(application),
            base_url="http://yungong.invalid",
            headers={"Authorization": f"Bearer {LocalCredential.read(settings.data)}"},
        ) as http,
    ):
        yield http


async def _answer(http: httpx.AsyncClient, path: str, **parameters: str | int) -> dict[str, Any]:
    response = await http.get(path, params=parameters)
    answer: dict[str, Any] = response.json()
    if not response.is_success:
        raise EvaluationFailed(f"{path}：{answer.get('title')} {answer.get('detail', '')}（{answer.get('code')}）")
    return answer


async def _import(http: httpx.AsyncClient, kind: Kind, records: Sequence[Record]) -> Taken:
    if not records:
        return Taken(0, 0, ())
    sheet = (f"{kind}.csv", lending.as_csv(records), "text/csv")
    started = (await http.post(f"/v1/{kind}/imports", files={"file": sheet})).json()
    while True:
        now = await _answer(http, f"/v1/{kind}/imports/{started['id']}")
        if now["state"] not in ("waiting", "running"):
            break
        await asyncio.sleep(_EVERY_S)
    if now["state"] != "done":
        raise EvaluationFailed(f"{kind} 无法导入：{(now.get('refusal') or {}).get('detail', now['state'])}")
    return Taken(now["accepted"], now["rejected"], now["report"]["findings"])


async def _indexed(http: httpx.AsyncClient, accepted: Mapping[Kind, int]) -> Mapping[str, str]:
    """Wait until everything that was accepted is searchable; the versions that will rank."""
    deadline = asyncio.get_running_loop().time() + _INDEXED_WITHIN_S
    while True:
        status = await _answer(http, "/v1/index/status")
        if all(status[kind] >= count for kind, count in accepted.items()) and not any(status["lag"].values()):
            versions: Mapping[str, str] = status["versions"]
            return versions
        if asyncio.get_running_loop().time() > deadline:
            raise EvaluationFailed(f"{_INDEXED_WITHIN_S:g} 秒内没有全部编入检索：{status}")
        await asyncio.sleep(_EVERY_S)


async def _ids(http: httpx.AsyncClient, kind: Kind) -> Mapping[str, str]:
    """Number in the source -> our id."""
    ids: dict[str, str] = {}
    parameters: dict[str, str | int] = {"limit": 100}
    while True:
        page = await _answer(http, f"/v1/{kind}", **parameters)
        ids |= {item["number"]: item["id"] for item in page["items"]}
        if page["next_cursor"] is None:
            return ids
        parameters["cursor"] = page["next_cursor"]


async def _rank_all(http: httpx.AsyncClient, collection: Collection, direction: Direction, order: Order, tell: Tell) -> Run:
    kind, wanted = _PATHS[direction]
    records, number = (collection.postings, POSTING_NUMBER) if kind == "postings" else (collection.workers, WORKER_NUMBER)
    ids = await _ids(http, kind)
    lists: dict[str, dict[str, float]] = {}
    for done, record in enumerate(records):
        tell(f"{wanted} · {order}", done, len(records))
        if (ours := ids.get(record[number])) is None:
            continue  # rejected by the import, which the report says
        answer = await _answer(http, f"/v1/{kind}/{ours}/{wanted}", limit=DEPTH, order=order)
        # The list's own order is what counts: equal scores stand in the order that the user sees.
        lists[record[number]] = {item["number"]: float(DEPTH - place) for place, item in enumerate(answer["items"])}
    return lists


async def _worst(http: httpx.AsyncClient, collection: Collection, direction: Direction, run: Run) -> list[dict[str, Any]]:
    kind, wanted = _PATHS[direction]
    ids = {**await _ids(http, "workers"), **await _ids(http, "postings")}

    async def explain(query: str, document: str) -> Mapping[str, Any]:
        if document not in ids or query not in ids:
            return {"rank": None, "exclusion": {"reason": "没有通过导入检查"}, "gaps": ()}
        return await _answer(http, f"/v1/{kind}/{ids[query]}/{wanted}/{ids[document]}/explanation")

    grades = collection.grades if direction == "candidates" else collection.grades_by_worker
    return await worst.worst(grades, run, explain)
