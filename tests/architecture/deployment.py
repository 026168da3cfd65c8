"""The deployment files as data, and the command line as one that is not run."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import typer
import yaml

from services.cli.main import app
from services.kernel.settings import PREFIX, Settings

ROOT: Final = Path(__file__).parents[2]
DEPLOY: Final = ROOT / "deploy"
PROVINCE: Final = ROOT / "docker-compose.yml"
EMBEDDED: Final = DEPLOY / "compose.embedded.yml"
MANIFESTS: Final = sorted(path for path in (DEPLOY / "kubernetes").glob("*.yaml") if path.name != "kustomization.yaml")
# typer keeps its own click, and shows this class by its child alone.
USAGE_ERROR: Final[type[Exception]] = typer.BadParameter.__bases__[0]
SETTINGS: Final = frozenset(f"{PREFIX}{name.upper()}" for name in Settings.model_fields)


def compose(path: Path) -> dict[str, Any]:
    """A compose file with its anchors followed."""
    document: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return document


def ours(services: dict[str, Any]) -> dict[str, Any]:
    """Those that run our own image."""
    return {name: service for name, service in services.items() if service["image"].startswith("yungong:")}


def manifests() -> Iterator[dict[str, Any]]:
    """Every Kubernetes object."""
    for path in MANIFESTS:
        yield from yaml.safe_load_all(path.read_text("utf-8"))


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and specification of every pod that is run."""
    for manifest in manifests():
        if "template" in manifest.get("spec", {}):
            yield manifest["metadata"]["name"], manifest["spec"]["template"]["spec"]


def schema(name: str) -> dict[str, Any]:
    """A schema of tests/data/schemas."""
    document: dict[str, Any] = json.loads((ROOT / "tests" / "data" / "schemas" / name).read_text("utf-8"))
    return document


def refusal(arguments: Sequence[str]) -> str:
    """What the command line has against these arguments; nothing is run. Empty: nothing."""
    command: Any = typer.main.get_command(app)
    rest = list(arguments)
    while hasattr(command, "commands"):
        name, *rest = rest
        if name not in command.commands:
            return f"no command {name}"
        command = command.commands[name]
    try:
        command.make_context(command.name, rest)
    except USAGE_ERROR as refused:
        return str(refused)
    return ""


def settings_named(text: str) -> set[str]:
    """The settings that a text names."""
    return set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", text))
