"""`yungong relay SERVICE`: what tells a service's changes to the bus, a process of its own. One is active, others stand by."""

import asyncio
from typing import Annotated

import typer

from services.cli import backends, options, process
from services.cli.backends import Recorder
from services.cli.process import HealthPort, Host

Which = Annotated[Recorder, typer.Argument(help="哪个服务的变更", metavar="workers|jobs")]


def relay(service: Which, data: options.Data = options.DATA, host: Host = None, health_port: HealthPort = None) -> None:
    """把一个服务的变更发到消息通道（可同时运行多个，一个在用，其余待命）。"""
    with process.failures():
        settings = process.settings_of(data, host=host, health_port=health_port)
        with backends.alone(settings, settings.bus_url):
            asyncio.run(backends.require_tables(settings, backends.Owner(service.value)))
            process.run(settings, _build(service), settings.health_port)


def _build(service: Recorder) -> "process.Build":
    # Only the libraries of the one that is asked for.
    match service:
        case Recorder.WORKERS:
            from services.workers.app import build_relay  # noqa: PLC0415
        case Recorder.JOBS:
            from services.jobs.app import build_relay  # noqa: PLC0415
    return build_relay
