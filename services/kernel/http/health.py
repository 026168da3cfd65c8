"""Is the process alive, and can it serve? `/livez` asks nobody; `/readyz` and `/metrics` ask every part."""

import asyncio
from collections.abc import Mapping
from typing import Final, Literal, Protocol

import structlog
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field

from services.contracts.permissions import Permission
from services.kernel import metrics
from services.kernel.errors import Unavailable
from services.kernel.http.auth import public, require
from services.kernel.http.problems import problem_of

ANSWER_WITHIN_S: Final = 3.0
_log = structlog.get_logger("yungong.health")


class Readiness(Protocol):
    """What a part's resource answers."""

    async def ready(self) -> Mapping[str, str]:
        """Component -> "" if it is well, else in Chinese what is degraded while the part still serves.
        Raises (StoreUnavailable, VaultSealed, …) when the part cannot serve at all."""
        ...


class Liveness(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class ReadinessReport(BaseModel):
    """`components`: "" is well, anything else says in Chinese what is degraded."""

    status: Literal["ready", "degraded", "unready"]
    components: Mapping[str, str] = Field(examples=[{"jobs.store": "", "jobs.relay": "还有 12 条变更没有发出"}])


async def _ask(name: str, part: Readiness) -> tuple[bool, Mapping[str, str]]:
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            components = await part.ready()
    except Exception as error:  # readiness turns whatever is wrong into an answer; the log says what it was
        _log.warning("part_not_ready", part=name, error=type(error).__qualname__)
        problem = problem_of(error)
        return False, {name: (isinstance(problem, Unavailable) and problem.detail) or "暂时无法服务"}
    return True, {f"{name}.{component}": said for component, said in components.items()}


async def report(parts: Mapping[str, Readiness]) -> ReadinessReport:
    """The state of all parts, asked at once."""
    answers = await asyncio.gather(*(_ask(name, part) for name, part in parts.items()))
    components = {component: said for _, part in answers for component, said in part.items()}
    if not all(serves for serves, _ in answers):
        return ReadinessReport(status="unready", components=components)
    return ReadinessReport(status="degraded" if any(components.values()) else "ready", components=components)


router = APIRouter(tags=["health"], dependencies=[Depends(public)])


@router.get("/livez")
async def livez() -> Liveness:
    """The process is alive."""
    return Liveness()


@router.get("/readyz", responses={503: {"model": ReadinessReport, "description": "Cannot serve"}})
async def readyz(request: Request, response: Response) -> ReadinessReport:
    """Whether this process can serve, component by component. Degraded still serves (200)."""
    answer = await report(request.app.state.parts)
    if answer.status == "unready":
        response.status_code = 503
    return answer


async def _exposition(request: Request) -> Response:
    """All metrics, in Prometheus's text format."""
    return Response(await metrics.exposition(request.app.state.parts.values()), media_type=metrics.CONTENT_TYPE)


def metrics_router(*, open_to_all: bool) -> APIRouter:
    """`/metrics`: for whoever reaches a health port, or else for holders of OPERATIONS_READ."""
    declared = Depends(public if open_to_all else require(Permission.OPERATIONS_READ))
    made = APIRouter(tags=["health"], dependencies=[declared])
    made.add_api_route("/metrics", _exposition, response_class=PlainTextResponse, operation_id="metrics", name="metrics")
    return made
