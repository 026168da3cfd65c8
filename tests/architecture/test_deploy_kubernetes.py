"""The manifests: valid, closed, bounded, and true to the code they start."""

from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.architecture.deployment import DEPLOY, MANIFESTS, PROVINCE, SETTINGS, compose, manifests, ours, pods, schema

DEFINITIONS = {
    "apps/v1": "io.k8s.api.apps.v1",
    "batch/v1": "io.k8s.api.batch.v1",
    "v1": "io.k8s.api.core.v1",
    "networking.k8s.io/v1": "io.k8s.api.networking.v1",
    "policy/v1": "io.k8s.api.policy.v1",
}


def _named(manifest: dict[str, Any]) -> str:
    return f"{manifest['kind']}/{manifest['metadata']['name']}"


@pytest.mark.parametrize("manifest", list(manifests()), ids=_named)
def test_it_is_what_kubernetes_takes(manifest: dict[str, Any]) -> None:
    definition = f"{DEFINITIONS[manifest['apiVersion']]}.{manifest['kind']}"
    errors = Draft202012Validator({"$ref": f"#/$defs/{definition}", **schema("kubernetes.json")}).iter_errors(manifest)
    assert [f"{list(error.path)}: {error.message}" for error in errors] == []


def test_every_manifest_is_applied() -> None:
    resources = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text("utf-8"))["resources"]
    assert sorted(resources) == sorted([path.name for path in MANIFESTS] + ["../proxy"])


def test_the_same_processes_run_as_with_compose() -> None:
    composed = ours(compose(PROVINCE)["services"])
    run = {name: [str(word) for word in pod["containers"][0].get("args", [])] for name, pod in pods() if name != "proxy"}
    assert run == {name: service["command"] for name, service in composed.items()}


def test_every_setting_is_one_of_ours() -> None:
    (settings,) = [manifest for manifest in manifests() if manifest["kind"] == "ConfigMap"]
    assert set(settings["data"]) - SETTINGS == set()


def test_each_process_has_the_secrets_that_it_has_with_compose() -> None:
    composed = ours(compose(PROVINCE)["services"])
    for name, pod in pods():
        projected = [volume["projected"]["sources"] for volume in pod["volumes"] if "projected" in volume]
        files = {item["path"] for sources in projected for source in sources for item in source["secret"]["items"]}
        assert files == (set() if name == "proxy" else set(composed[name]["secrets"])), name


def test_every_container_is_bounded_and_holds_no_privilege() -> None:
    for name, pod in pods():
        assert pod["securityContext"]["runAsNonRoot"], name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert pod["automountServiceAccountToken"] is False, name
        for container in pod["containers"] + pod.get("initContainers", []):
            assert container["resources"]["limits"].keys() == {"cpu", "memory"}, name
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, name


def test_whatever_keeps_running_is_asked_how_it_is() -> None:
    for name, pod in pods():
        if pod.get("restartPolicy") != "OnFailure":
            assert pod["containers"][0].keys() >= {"livenessProbe", "readinessProbe"}, name


def test_nothing_comes_in_unless_it_is_said() -> None:
    policies = {one["metadata"]["name"]: one["spec"] for one in manifests() if one["kind"] == "NetworkPolicy"}
    assert policies["nothing-unless-said"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    assert all(rule.get("from") for policy in policies.values() for rule in policy.get("ingress", []))
