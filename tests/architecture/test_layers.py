"""The layer law of the design: who may import whom. A rule that matters is a test with a story.

contracts know nobody; the kernel knows contracts and no service; services meet in contracts, over HTTP and bus; one file
per backend knows its driver, so that a backend can be changed in one place.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("workers", "jobs", "matcher", "web", "access")
OWNERS = {
    "aiokafka": ("services/kernel/bus/kafka",),
    "elasticsearch": ("services/kernel/index/elastic",),
    "elastic_transport": ("services/kernel/index/elastic",),
    "tantivy": ("services/kernel/index/embedded",),
    "rjieba": ("services/kernel/text/",),
    "python_calamine": ("services/kernel/imports/",),
    "cryptography": ("services/kernel/vault/",),
    "typer": ("services/cli/",),
    "ir_measures": ("services/matcher/evaluation/", "services/cli/evaluat"),
}
PURE = (
    "account.py",
    "profile.py",
    "kinds.py",
    "posting.py",
    "employer.py",
    "verdict.py",
    "endpoint.py",
    "events.py",
    "projector.py",
)
IO_LIBRARIES = {"sqlalchemy", "httpx", "fastapi", "aiokafka", "elasticsearch", "tantivy", "aiosqlite", "asyncpg"}


def _sources(folder: str) -> Iterator[Path]:
    yield from sorted((ROOT / "services" / folder).rglob("*.py"))


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return names


def _roots(path: Path) -> set[str]:
    return {name.split(".")[0] for name in _imports(path)}


def _offending(folder: str, *forbidden: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in _sources(folder)
        for name in _imports(path)
        if any(name == prefix or name.startswith(prefix + ".") for prefix in forbidden)
    ]


def test_contracts_know_nobody() -> None:
    others = [f"services.{name}" for name in (*SERVICES, "kernel", "cli")]
    assert _offending("contracts", *others) == []
    libraries = set().union(*(_roots(path) for path in _sources("contracts"))) - {"services", "pydantic"}
    assert not libraries & (IO_LIBRARIES | {"orjson", "rjieba", "numpy", "structlog"})


def test_the_kernel_knows_no_service() -> None:
    assert _offending("kernel", *(f"services.{name}" for name in (*SERVICES, "cli"))) == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_never_imports_another(service: str) -> None:
    others = [f"services.{name}" for name in (*SERVICES, "cli") if name != service]
    assert _offending(service, *others) == []


@pytest.mark.parametrize("library", OWNERS)
def test_only_its_room_imports_a_driver(library: str) -> None:
    strangers = [
        str(path.relative_to(ROOT))
        for path in _sources("")
        if library in _roots(path) and not str(path.relative_to(ROOT)).startswith(OWNERS[library])
    ]
    assert strangers == []


def test_rules_do_no_io() -> None:
    rooms = ("ranking/", "text/facts/", "jobs/opening.py")
    pure = [path for path in _sources("") if path.name in PURE or any(room in str(path) for room in rooms)]
    assert pure
    assert [str(path) for path in pure if _roots(path) & IO_LIBRARIES] == []


def test_only_composition_roots_build_settings() -> None:
    builders = [
        path.relative_to(ROOT)
        for path in _sources("")
        if any(
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Settings"
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
        )
    ]
    assert [str(path) for path in builders if path.name != "app.py" and "cli" not in path.parts] == []
