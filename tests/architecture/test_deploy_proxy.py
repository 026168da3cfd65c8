"""The one door leads every public path to the service that answers it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import APIRouter

from services.access import app as access
from services.jobs import app as jobs
from services.kernel.bus import open_bus
from services.kernel.clock import SystemClock
from services.kernel.http.application import Part
from services.kernel.imports.imports import UPLOAD_LIMIT
from services.kernel.index import open_index
from services.kernel.settings import Settings
from services.matcher import app as matcher
from services.web import app as web
from services.workers import app as workers
from tests.architecture.deployment import DEPLOY, PROVINCE, compose

PROXY = DEPLOY / "proxy"
ENTRY = re.compile(r"^\s+(?:~(?P<expression>\S+)|(?P<default>default))\s+(?P<service>\w+);$", re.MULTILINE)


def _service_of(path: str) -> str:
    """As nginx decides: the first expression that matches, else the default."""
    default = ""
    for entry in ENTRY.finditer((PROXY / "routes.conf").read_text("utf-8")):
        if entry["default"]:
            default = entry["service"]
        elif re.search(entry["expression"], path):
            return entry["service"]
    return default


def _paths(part: Part) -> Iterator[str]:
    for router in part.routers:
        assert isinstance(router, APIRouter)
        for route in router.routes:
            yield re.sub(r"\{\w+\}", "01JZX", getattr(route, "path", ""))


@pytest.fixture
def parts(tmp_path: Path) -> dict[str, Part]:
    """What each service answers; nothing is opened."""
    settings, clock = Settings(data=tmp_path), SystemClock()
    index, bus = open_index(settings.index_url), open_bus(settings.bus_url)
    made = [
        access.part(settings, clock),
        workers.part(settings, clock),
        jobs.part(settings, clock),
        matcher.part(settings, index, bus, clock),
    ]
    return {part.name: part for part in made}


def test_every_path_leads_to_its_service(parts: dict[str, Part]) -> None:
    led = {(name, path): _service_of(path) for name, part in parts.items() for path in _paths(part)}
    assert len(led) > 15
    assert {where: service for where, service in led.items() if service != where[0]} == {}


@pytest.mark.parametrize("path", ["/", "/docs", "/openings/p_1", "/imports/workers", "/v1", "/v1/indexes", "/v1/workersx"])
def test_the_rest_leads_to_the_pages(path: str) -> None:
    assert _service_of(path) == web.NAME


def test_every_service_that_is_led_to_is_run() -> None:
    led_to = {entry["service"] for entry in ENTRY.finditer((PROXY / "routes.conf").read_text("utf-8"))}
    assert led_to <= set(compose(PROVINCE)["services"])


def test_the_largest_register_comes_through() -> None:
    found = re.search(r"client_max_body_size (\d+)m;", (PROXY / "nginx.conf").read_text("utf-8"))
    assert found is not None
    assert int(found[1]) * 1024 * 1024 > UPLOAD_LIMIT + 1024 * 1024
