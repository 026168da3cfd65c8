"""`yungong serve SERVICE`: one service as a process of its own. Its database must have been migrated before."""

import asyncio
from enum import StrEnum
from typing import Annotated

import typer

from services.cli import backends, options, process
from services.cli.process import HealthPort, Host, Port


class Service(StrEnum):
    """What can be served alone."""

    WORKERS = "workers"
    JOBS = "jobs"
    MATCHER = "matcher"
    WEB = "web"
    ACCESS = "access"


Which = Annotated[Service, typer.Argument(help="哪个服务", metavar="workers|jobs|matcher|web|access")]


def serve(
    service: Which,
    data: options.Data = options.DATA,
    host: Host = None,
    port: Port = None,
    health_port: HealthPort = None,
) -> None:
    """单独运行一个服务（分开部署时用；数据库须先 yungong migrate）。"""
    with process.failures():
        settings = process.settings_of(data, host=host, port=port, health_port=health_port)
        used = (settings.bus_url, settings.index_url) if service is Service.MATCHER else ()
        with backends.alone(settings, *used):
            if service in (Service.WORKERS, Service.JOBS, Service.ACCESS):
                asyncio.run(backends.require_tables(settings, backends.Owner(service.value)))
            # By choice only: several services on one machine would all want the same one.
            beside = settings.health_port if "health_port" in settings.model_fields_set else None
            process.run(settings, _build(service), settings.port, beside)


def _build(service: Service) -> "process.Build":
    # Each service's libraries take their time to import: only those of the one that is asked for.
    match service:
        case Service.WORKERS:
            from services.workers.app import build  # noqa: PLC0415
        case Service.JOBS:
            from services.jobs.app import build  # noqa: PLC0415
        case Service.MATCHER:
            from services.matcher.app import build  # noqa: PLC0415
        case Service.ACCESS:
            from services.access.app import build  # noqa: PLC0415
        case Service.WEB:
            from services.web.app import build  # noqa: PLC0415
    return build
