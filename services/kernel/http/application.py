"""One application from the parts of one or several services."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from fastapi import APIRouter, Depends, FastAPI, Response
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.types import ASGIApp, Scope

from services.kernel.errors import Problem
from services.kernel.http import documentation, health
from services.kernel.http.admission import MEBIBYTE, Admission, Door, Routes, read_routes
from services.kernel.http.auth import Authenticator, NoCredentials
from services.kernel.http.health import Readiness
from services.kernel.http.limits import Limiter
from services.kernel.http.problems import install_problem_handlers, problem_response
from services.kernel.http.request_log import RequestLog

VERSION: Final = "1.0.0"


@dataclass(frozen=True, slots=True)
class Part:
    """What one service brings. `open` yields its resources, kept at `app.state.<name>` while the application runs.

    `mounts` are public files by path, such as `/assets`.
    """

    name: str
    routers: Sequence[APIRouter]
    open: Callable[[], AbstractAsyncContextManager[Readiness]]
    mounts: Mapping[str, ASGIApp] = field(default_factory=dict)


def create_application(
    *,
    title: str,
    parts: Sequence[Part],
    authenticator: Authenticator,
    limiter: Limiter | None = None,
    body_limit: int = MEBIBYTE,
    docs_assets: str | None = None,
    open_metrics: bool = False,
) -> FastAPI:
    """The application of these parts, which open in order when it starts and close in reverse when it stops.

    `body_limit` in bytes. `docs_assets` is the base URL of swagger-ui's files; without it there is no /docs.
    `open_metrics`: /metrics asks for no permission (a health port).
    Raises UndeclaredRoute when a route declares neither a permission nor that it is public.
    """
    admission = Admission(authenticator, limiter)

    @asynccontextmanager
    async def lifespan(application: FastAPI) -> AsyncIterator[None]:
        admission.routes.update(_declared(application, parts, body_limit))  # again: for routes added since
        async with AsyncExitStack() as stack:
            for part in parts:
                resource = await stack.enter_async_context(part.open())
                application.state.parts[part.name] = resource
                setattr(application.state, part.name, resource)
            yield

    application = FastAPI(
        title=title,
        version=VERSION,
        lifespan=lifespan,
        openapi_url=None,
        redirect_slashes=False,
        dependencies=[Depends(admission)],
        middleware=[
            Middleware(RequestLog, on_failure=_failed, route_path=_path(admission)),
            Middleware(Door, admission=admission),
        ],
    )
    application.state.parts = {}
    install_problem_handlers(application)
    own = [health.router, health.metrics_router(open_to_all=open_metrics), documentation.router(docs_assets)]
    for router in (*own, *(router for part in parts for router in part.routers)):
        application.include_router(router)
    documentation.install(application, admission.routes)
    for path, files in ((path, files) for part in parts for path, files in part.mounts.items()):
        application.mount(path, files)
    admission.routes.update(_declared(application, parts, body_limit))
    return application


def health_application(title: str, *parts: Part) -> FastAPI:
    """A health port: /livez, /readyz and /metrics of these parts, for whoever reaches it. See docs/decisions/0010."""
    return create_application(title=title, parts=parts, authenticator=NoCredentials(), open_metrics=True)


def beside(application: FastAPI) -> FastAPI:
    """The health port of an application that serves on another port."""
    health_port = health_application(application.title)
    health_port.state.parts = application.state.parts
    return health_port


def _declared(application: FastAPI, parts: Sequence[Part], body_limit: int) -> Routes:
    mounted = {path for part in parts for path in part.mounts}
    routes = [route for route in application.routes if not (isinstance(route, Mount) and route.path in mounted)]
    return read_routes(routes, body_limit)


def _failed(identity: str) -> Response:
    return problem_response(Problem(), identity)


def _path(admission: Admission) -> Callable[[Scope], str]:
    def path(scope: Scope) -> str:
        facts = admission.facts(scope)
        return facts.path if facts else "-"

    return path
