"""What is watched is what the code measures, and every process is watched."""

import json
import re
from collections.abc import Iterator

import yaml
from prometheus_client import Histogram

from services.kernel import metrics
from tests.architecture.deployment import DEPLOY, PROVINCE, compose, ours

NAME = re.compile(r"\byungong_[a-z_]+\b")
DASHBOARD = DEPLOY / "grafana" / "dashboards" / "yungong.json"
ALERTS = DEPLOY / "prometheus" / "alerts.yml"
SCRAPES = DEPLOY / "prometheus" / "prometheus.yml"


def _measured() -> Iterator[str]:
    for family in metrics.REGISTRY.collect():
        endings = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"]}.get(family.type, [""])
        yield from (family.name + ending for ending in endings)


def _charted() -> list[str]:
    board = json.loads(DASHBOARD.read_text("utf-8"))
    return [target["expr"] for panel in board["panels"] for target in panel["targets"]]


def _alerts() -> list[str]:
    groups = yaml.safe_load(ALERTS.read_text("utf-8"))["groups"]
    return [rule["expr"] for group in groups for rule in group["rules"]]


def test_whatever_is_charted_or_alerted_on_is_measured() -> None:
    named = {name for expression in _charted() + _alerts() for name in NAME.findall(expression)}
    assert len(named) > 8
    assert named - set(_measured()) == set()


def test_whatever_is_measured_is_charted() -> None:
    charted = " ".join(_charted())
    assert [family.name for family in metrics.REGISTRY.collect() if family.name not in charted] == []


def test_labels_that_are_asked_for_exist() -> None:
    labels = {label for one in vars(metrics).values() if hasattr(one, "_labelnames") for label in one._labelnames}
    groupings = [by for expression in _charted() + _alerts() for by in re.findall(r"\bby \(([^)]*)\)", expression)]
    asked = {label.strip() for by in groupings for label in by.split(",")}
    assert asked - labels <= {"le", "process"}


def test_requests_are_measured_as_a_histogram() -> None:
    assert isinstance(metrics.REQUEST_DURATION, Histogram)


def test_every_process_of_ours_is_scraped() -> None:
    jobs = yaml.safe_load(SCRAPES.read_text("utf-8"))["scrape_configs"]
    scraped = {name for job in jobs for found in job["dns_sd_configs"] for name in found["names"]}
    running = {name for name, service in ours(compose(PROVINCE)["services"]).items() if service["restart"] != "no"}
    assert scraped == running
    assert f"< {len(running)}\n" in ALERTS.read_text("utf-8")
