"""One long-running process: settings, logs, the application on its port, by choice a health port beside it, an orderly end."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import structlog
import typer

from services.cli import console
from services.cli.console import CannotContinue
from services.kernel import logs
from services.kernel.settings import SecretsDirectoryMissing, Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    Build = Callable[[Settings], FastAPI]

Host = Annotated[str | None, typer.Option("--host", help="监听的地址；默认只有本机能访问")]
Port = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="端口，默认 8000；0 表示任选一个")]
HealthPort = Annotated[
    int | None,
    typer.Option("--health-port", min=0, max=65535, help="只提供 /livez、/readyz、/metrics 的端口；0 表示任选一个"),
]

_log = structlog.get_logger(__name__)


def settings_of(data: Path, **given: Any) -> Settings:
    """Settings of the environment, with what the command's options say (None: nothing). Raises CannotContinue."""
    try:
        return Settings(data=data, **{name: value for name, value in given.items() if value is not None})
    except SecretsDirectoryMissing as missing:
        raise CannotContinue(f"YUNGONG_SECRETS_DIR 指的目录 {missing} 不存在。") from missing


def run(settings: Settings, build: "Build", port: int, health_port: int | None = None) -> None:
    """Serve the application until a signal says stop. Raises CannotContinue when it could not start."""
    logs.configure(settings.log_level, settings.log_format)
    try:
        application = build(settings)
    except ValueError as malformed:
        raise CannotContinue(f"设置有误：{malformed}") from malformed
    asyncio.run(_serve(application, settings.host, port, health_port))


@contextmanager
def failures(*, as_json: bool = False) -> Iterator[None]:
    """Tell what keeps a command from its work, files that cannot be read or written among it, and end with exit code 1."""
    with console.failures_told(as_json=as_json):
        try:
            yield
        except OSError as refused:
            raise CannotContinue(f"读写不了 {refused.filename or '数据目录'}（{refused.strerror}）。") from refused


async def _serve(application: "FastAPI", host: str, port: int, health_port: int | None) -> None:
    # The server's libraries take a second to import; the other commands do without.
    from services.cli import server  # noqa: PLC0415
    from services.kernel.http.application import beside  # noqa: PLC0415

    running = server.Server(application)
    # Both before anything starts: a port that is taken is told at once.
    with (
        server.listening_socket(host, port) as listening,
        nullcontext() if health_port is None else server.listening_socket(host, health_port) as beside_it,
    ):
        urls = {"url": server.url_of(listening)} | ({"health_url": server.url_of(beside_it)} if beside_it else {})
        saying = asyncio.create_task(_say(running.serving, urls))
        async with server.answering(beside(application), beside_it):
            started = await running.run_until_stopped(listening)
        saying.cancel()
    if not started:
        raise CannotContinue("没有启动成功，原因见上面的日志。")
    _log.info("stopped")


async def _say(serving: asyncio.Event, urls: dict[str, str]) -> None:
    await serving.wait()
    _log.info("serving", **urls)
