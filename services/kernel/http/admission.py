"""The door: who may pass, with which parameters and what body, decided before a byte of the body is read.

`read_routes` learns from the routes themselves what each declares; `Door` (ASGI middleware) and `admit` (a dependency of every
route, for requests without a body) enforce it, in this order: 401, 429, 403, 400 unknown_parameter, 415, 413, 429 for what is
counted by the day.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import Request, params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.datastructures import Headers
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.kernel.audit import actor
from services.kernel.errors import BadRequest, FieldError, Forbidden, Problem, TooLarge, UnsupportedType
from services.kernel.http.auth import Authenticator, Principal, Requirement, bearer_token, public
from services.kernel.http.limits import Limiter, Spends, TooMany, told
from services.kernel.http.problems import RefusedWhileReading
from services.kernel.http.request_log import request_id
from services.kernel.http.validation import pointer
from services.kernel.identity.port import Allowance, Spent

JSON: Final = "application/json"
FORM: Final = "multipart/form-data"
MEBIBYTE: Final = 1024 * 1024


class UndeclaredRoute(Exception):
    """A route declares neither `require(Permission.X)` nor `public`: the application does not start. Names the route."""


@dataclass(frozen=True, slots=True)
class TakesBody:
    """A route's declaration of a body other than the usual JSON: `dependencies=[Depends(TakesBody(limit=32 * MEBIBYTE))]`.

    `limit` in bytes, None for the application's; `media_types` for routes that read the raw stream themselves.
    """

    limit: int | None = None
    media_types: tuple[str, ...] = ()

    async def __call__(self) -> None:
        """Nothing to do when called: the door reads the declaration."""


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """What a route declares. `requirement` None is public; `media_types` () takes no body that we would read."""

    path: str
    requirement: Requirement | None
    parameters: frozenset[str]
    media_types: tuple[str, ...]
    body_limit: int
    spends: Allowance | None = None


Routes = Mapping[Callable[..., Any], RouteFacts]


def _dependants(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for inner in dependant.dependencies:
        yield from _dependants(inner)


def _media_types(route: RouteContext, declared: TakesBody) -> tuple[str, ...]:
    if declared.media_types:
        return declared.media_types
    body = route.body_field
    if body is None:
        return ()
    return (FORM,) if isinstance(body.field_info, params.Form) else (JSON,)


def _parameter_names(dependant: Dependant) -> Iterator[str]:
    for parameter in dependant.query_params:
        yield parameter.alias


def _facts(route: RouteContext, body_limit: int) -> RouteFacts:
    everything = list(_dependants(route.dependant))
    calls = [dependant.call for dependant in everything]
    requirement = next((call for call in calls if isinstance(call, Requirement)), None)
    if requirement is None and public not in calls:
        raise UndeclaredRoute(f"{'/'.join(sorted(route.methods or ()))} {route.path} ({route.name}) declares no permission")
    declared = next((call for call in calls if isinstance(call, TakesBody)), TakesBody())
    return RouteFacts(
        path=route.path or "",
        requirement=requirement,
        parameters=frozenset(name for dependant in everything for name in _parameter_names(dependant)),
        media_types=_media_types(route, declared),
        body_limit=declared.limit or body_limit,
        spends=next((call.allowance for call in calls if isinstance(call, Spends)), None),
    )


def read_routes(routes: Sequence[BaseRoute], body_limit: int) -> Routes:
    """What every route declares, by endpoint. Raises UndeclaredRoute."""
    table: dict[Callable[..., Any], RouteFacts] = {}
    for route in iter_route_contexts(routes):
        if route.endpoint is None or not isinstance(route.original_route, APIRoute):
            raise UndeclaredRoute(
                f"{route.path} ({route.name}) is no API route and can declare nothing; mount it through a Part"
            )
        table[route.endpoint] = _facts(route, body_limit)
    return table


@dataclass(slots=True, eq=False)  # a dependency is known by its identity
class Admission:
    """Decides on one request after another. `routes` is filled when the application is complete."""

    authenticator: Authenticator
    limiter: Limiter | None = None
    routes: dict[Callable[..., Any], RouteFacts] = field(default_factory=dict)

    def facts(self, scope: Scope) -> RouteFacts | None:
        """What the route that was chosen for this request declares; None before the choice and for mounted files."""
        return self.routes.get(scope.get("endpoint", None))

    async def admit(self, scope: Scope) -> int:
        """Let the request pass, once; the most bytes its body may have. Raises Problem."""
        facts = self.facts(scope)
        if facts is None:
            raise Forbidden()
        state: dict[str, Any] = scope.setdefault("state", {})
        if not state.get("admitted"):
            headers = Headers(scope=scope)
            if facts.requirement is not None:
                principal = await self.authenticator.authenticate(bearer_token(headers.get("authorization")))
                spent: dict[Allowance, Spent] = {}
                state["spent"] = spent
                await self._count(principal, facts.requirement, spent)
                state["principal"] = facts.requirement.permit(principal)
                actor.admit(_actor(principal, request_id(scope)))
            _check_parameters(Request(scope), facts)
            _check_body(headers, facts)
            if facts.requirement is not None:
                await self._spend(state["principal"], facts, state["spent"])
            state["admitted"] = True
        return facts.body_limit

    async def _count(self, caller: Principal, requirement: Requirement, spent: dict[Allowance, Spent]) -> None:
        """Count the request; questions about oneself are free, among them those that processes ask to count."""
        if self.limiter is None or requirement.permission is None:
            return
        await _noted(spent, Allowance.REQUESTS, self.limiter.request(caller))

    async def _spend(self, caller: Principal, facts: RouteFacts, spent: dict[Allowance, Spent]) -> None:
        if self.limiter is not None and facts.spends is not None and caller.scope.employer_id is not None:
            await _noted(spent, facts.spends, self.limiter.spend(caller, facts.spends))

    async def __call__(self, request: Request) -> None:
        """The dependency of every route."""
        await self.admit(request.scope)


async def _noted(spent: dict[Allowance, Spent], allowance: Allowance, counting: Awaitable[Spent | None]) -> None:
    """What was counted, kept for the answer's headers also where it was too much."""
    try:
        counted = await counting
    except TooMany as too_many:
        spent[allowance] = too_many.spent
        raise
    if counted is not None:
        spent[allowance] = counted


def _actor(principal: Principal, identity: str) -> actor.Actor:
    return actor.Actor(principal.id, str(principal.kind), str(principal.scope), identity)


def _check_parameters(request: Request, facts: RouteFacts) -> None:
    unknown = sorted(set(request.query_params) - facts.parameters)
    if unknown:
        errors = [FieldError(pointer(("query", name)), "unknown_parameter", "没有这个查询参数") for name in unknown[:20]]
        raise BadRequest("没有这个查询参数", code="unknown_parameter", errors=errors)
    for place, values in (("query", request.query_params.multi_items()), ("path", request.path_params.items())):
        for name, value in values:
            if any(ord(character) < ord(" ") for character in str(value)):
                error = FieldError(pointer((place, name)), "control_character", "含有控制字符")
                raise BadRequest("含有控制字符", code="invalid_input", errors=[error])


def _check_body(headers: Headers, facts: RouteFacts) -> None:
    length = headers.get("content-length", "0")
    announced = int(length) if length.isascii() and length.isdigit() else 0
    if not facts.media_types or (announced == 0 and "transfer-encoding" not in headers):
        return
    sent = headers.get("content-type", "").partition(";")[0].strip().lower()
    json_like = JSON in facts.media_types and sent.startswith("application/") and sent.endswith("+json")
    if sent not in facts.media_types and not json_like:
        raise UnsupportedType("内容类型应为 " + " 或 ".join(facts.media_types))
    if announced > facts.body_limit:
        raise too_large(facts.body_limit)


def too_large(limit: int) -> TooLarge:
    """The problem for a body of more than `limit` bytes."""
    return TooLarge(f"内容不能超过 {limit / MEBIBYTE:.3g} MiB")


class Door:
    """ASGI middleware: the first byte of a body is handed out after admission only, and no more bytes than allowed."""

    def __init__(self, app: ASGIApp, admission: Admission) -> None:
        self._app = app
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        read = 0

        async def admitted() -> Message:
            nonlocal read
            if self._admission.facts(scope) is None:  # mounted files read no body
                return await receive()
            try:
                limit = await self._admission.admit(scope)
                message = await receive()
                read += len(message.get("body", b""))
                if read > limit:
                    raise too_large(limit)
            except Problem as problem:
                raise RefusedWhileReading(problem) from problem
            return message

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *told(scope.get("state", {}).get("spent", {}))]}
            await send(message)

        await self._app(scope, admitted, counted)
