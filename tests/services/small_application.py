"""A small application on the kernel alone: one route for each thing that HTTP must get right."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Request, Response, UploadFile
from pydantic import Field

from services.contracts.permissions import Permission, PrincipalKind
from services.kernel.bus.port import BusUnavailable
from services.kernel.errors import Unauthenticated
from services.kernel.http.admission import TakesBody
from services.kernel.http.application import Part, create_application
from services.kernel.http.auth import Principal, Scope, public, require
from services.kernel.http.health import Readiness
from services.kernel.http.models import Day, RequestModel, Whole
from services.kernel.http.preconditions import etag, expected_version, not_modified
from services.kernel.index.port import IndexUnavailable
from services.kernel.store.port import StoreUnavailable
from services.kernel.vault.port import VaultSealed

LIMIT = 2000
UPLOAD_LIMIT = 5000
SECRET_WORDS = "530103198001011234"

FAILURES = {
    "store": StoreUnavailable(SECRET_WORDS),
    "index": IndexUnavailable(SECRET_WORDS),
    "bus": BusUnavailable(SECRET_WORDS),
    "vault": VaultSealed(SECRET_WORDS),
    "bug": ZeroDivisionError(SECRET_WORDS),
}

READ = Depends(require(Permission.POSTINGS_READ))
WRITE = Depends(require(Permission.POSTINGS_WRITE))


class Thing(RequestModel):
    """A body."""

    count: Whole = Field(ge=1, le=9)
    name: str = Field("", max_length=20)
    until: Day | None = None


class Callers:
    """An authenticator that knows two principals by their tokens."""

    async def authenticate(self, token: str) -> Principal:
        """reader.1 may read, writer.1 may both."""
        known = {
            "reader.1": frozenset({Permission.POSTINGS_READ}),
            "writer.1": frozenset({Permission.POSTINGS_READ, Permission.POSTINGS_WRITE}),
        }
        if token not in known:
            raise Unauthenticated()
        return Principal(token.partition(".")[0], known[token], PrincipalKind.STAFF, Scope.everywhere(), token)


class State:
    """A part's resource; `troubles` is what it answers, `gone` makes it unable to serve."""

    def __init__(self) -> None:
        self.troubles: dict[str, str] = {"store": ""}
        self.gone = False

    async def ready(self) -> Mapping[str, str]:
        """See Readiness."""
        if self.gone:
            raise StoreUnavailable
        return self.troubles


router = APIRouter(prefix="/v1/things")


@router.post("", dependencies=[WRITE])
async def keep(thing: Thing) -> dict[str, int]:
    """Take a body."""
    return {"count": thing.count}


@router.post("/file", dependencies=[WRITE, Depends(TakesBody(limit=UPLOAD_LIMIT))])
async def upload(file: UploadFile) -> dict[str, int]:
    """Take a file."""
    return {"bytes": len(await file.read())}


@router.post("/raw", dependencies=[WRITE, Depends(TakesBody(media_types=("text/csv",)))])
async def stream(request: Request) -> dict[str, int]:
    """Read the body as it comes."""
    return {"bytes": sum([len(chunk) async for chunk in request.stream()])}


@router.get("", dependencies=[READ])
async def find(number: int = 0, name: str = "") -> dict[str, str]:
    """Take parameters."""
    return {"name": f"{name}{number}"}


@router.get("/fail/{kind}", dependencies=[READ])
async def fail(kind: str) -> None:
    """Fail in that way."""
    raise FAILURES[kind]


@router.get("/half", dependencies=[Depends(public)])
async def whole() -> dict[str, str]:
    """Everybody may read this."""
    return {"said": "public"}


@router.get("/{thing_id}", response_model=dict[str, str])
async def read(
    thing_id: str, request: Request, principal: Annotated[Principal, Depends(require(Permission.POSTINGS_READ))]
) -> Response | dict[str, str]:
    """Version 3 of anything."""
    return not_modified(request, 3) or {"id": thing_id, "reader": principal.id, "etag": etag(3)}


@router.patch("/{thing_id}", dependencies=[WRITE])
async def change(thing_id: str, expected: Annotated[int, Depends(expected_version)]) -> dict[str, int]:
    """Echo the version that the caller saw."""
    return {"expected": expected, "length": len(thing_id)}


def small_part(state: State) -> Part:
    """The routes above as a part."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Readiness]:
        yield state

    return Part("small", [router], opened)


def small_application(state: State | None = None, docs_assets: str | None = None) -> FastAPI:
    """The routes above in an application of their own."""
    return create_application(
        title="小",
        parts=[small_part(state or State())],
        authenticator=Callers(),
        body_limit=LIMIT,
        docs_assets=docs_assets,
    )
