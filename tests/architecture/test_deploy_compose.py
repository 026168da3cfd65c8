"""The compose files: valid, closed but for the one door, bounded, and true to the code they start."""

import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema.validators import validator_for

from tests.architecture.deployment import DEPLOY, EMBEDDED, PROVINCE, SETTINGS, compose, ours, refusal, schema

FILES = pytest.mark.parametrize("path", [PROVINCE, EMBEDDED], ids=lambda path: path.name)
# Their images write their own configuration at every start.
WRITE_TO_THEIR_ROOT = {"kafka", "elasticsearch"}
PASSWORD = re.compile(r"password|secret|token|credential", re.IGNORECASE)


@FILES
def test_it_is_a_compose_file(path: Path) -> None:
    specification = schema("compose-spec.json")
    errors = validator_for(specification)(specification).iter_errors(compose(path))
    assert [f"{list(error.path)}: {error.message}" for error in errors] == []


@FILES
def test_every_command_is_one_of_ours(path: Path) -> None:
    refused = {name: said for name, one in ours(compose(path)["services"]).items() if (said := refusal(one["command"]))}
    assert refused == {}


def test_a_command_that_is_none_of_ours_is_noticed() -> None:
    assert refusal(["dance"])
    assert refusal(["up", "--dance"])
    assert refusal(["up", "--port", "door"])


@FILES
def test_every_setting_is_one_of_ours(path: Path) -> None:
    document = compose(path)
    named = {name for one in ours(document["services"]).values() for name in one.get("environment", {})}
    files = {name.upper() for name in document.get("secrets", {}) if name.startswith("yungong_")}
    assert (named | files) - SETTINGS == set()


def _published(service: dict[str, Any]) -> list[str]:
    return [str(port) for port in service.get("ports", [])]


@FILES
def test_only_the_proxy_is_reached_from_outside(path: Path) -> None:
    open_to_all = {
        name
        for name, service in compose(path)["services"].items()
        if any(not port.startswith("127.0.0.1:") for port in _published(service))
    }
    assert open_to_all <= {"proxy"}


def test_only_the_proxy_and_the_dashboards_are_on_a_network_that_reaches_out() -> None:
    document = compose(PROVINCE)
    internal = {name for name, network in document["networks"].items() if network and network.get("internal")}
    outside = {name for name, service in document["services"].items() if not set(service["networks"]) <= internal}
    assert outside == {"proxy", "grafana"}


@FILES
def test_images_are_of_one_version_and_can_come_from_a_mirror(path: Path) -> None:
    for name, service in compose(path)["services"].items():
        image = service["image"]
        assert re.search(r":v?\d+\.\d+[\w.-]*$", image), name
        assert image.startswith(("${IMAGE_MIRROR:-}", "yungong:")), name
        assert "BASE" in service.get("build", {}).get("args", {"BASE": ""}), name


@FILES
def test_every_container_is_bounded_and_holds_no_privilege(path: Path) -> None:
    for name, service in compose(path)["services"].items():
        limits = service["deploy"]["resources"]["limits"]
        assert limits.keys() == {"cpus", "memory", "pids"}, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not service.keys() & {"privileged", "cap_add", "pid", "ipc", "network_mode"}, name
        assert service.get("read_only", False) == (name not in WRITE_TO_THEIR_ROOT), name


@FILES
def test_whatever_keeps_running_is_asked_how_it_is(path: Path) -> None:
    for name, service in compose(path)["services"].items():
        runs_once = service["restart"] == "no"
        assert runs_once == service["healthcheck"].get("disable", False), name


@FILES
def test_whoever_waits_waits_for_a_reason(path: Path) -> None:
    services = compose(path)["services"]
    for name, service in services.items():
        for other, wait in service.get("depends_on", {}).items():
            once = services[other]["restart"] == "no"
            wanted = {"service_completed_successfully"} if once else {"service_healthy", "service_started"}
            assert wait["condition"] in wanted, f"{name} → {other}"


def test_secrets_come_by_file_and_only_to_those_who_use_them() -> None:
    document = compose(PROVINCE)
    used = {secret for service in document["services"].values() for secret in service.get("secrets", [])}
    assert used == set(document["secrets"])
    for name, service in document["services"].items():
        given = {f"/run/secrets/{secret}" for secret in service.get("secrets", [])}
        values = [str(value) for value in service.get("environment", {}).values()]
        named = {found for value in values for found in re.findall(r"/run/secrets/\w+", value)}
        assert named <= given, name
        spelt_out = [
            key for key, value in service.get("environment", {}).items() if PASSWORD.search(key) and "/run/" not in value
        ]
        assert spelt_out == [], name


def test_every_file_that_is_mounted_is_there() -> None:
    for name, service in compose(PROVINCE)["services"].items():
        for mount in (volume.split(":")[0] for volume in service.get("volumes", [])):
            assert not mount.startswith(".") or (PROVINCE.parent / mount).exists(), f"{name}: {mount}"


def test_the_image_is_built_from_hashed_packages_and_runs_as_nobody() -> None:
    lines = (DEPLOY / "Dockerfile").read_text("utf-8")
    last = lines[lines.rindex("FROM ") :]
    assert lines.count("\nFROM ") == 2
    assert "--require-hashes" in lines
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert "pip install" not in last
