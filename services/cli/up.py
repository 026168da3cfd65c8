"""`yungong up`: everything in one process on one port, with its data in one directory."""

import asyncio
import contextlib
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from services.cli import console, data_directory, options, sample
from services.cli.client import Client, Refused, Unreachable, find
from services.cli.console import CannotContinue, err, out
from services.kernel import logs
from services.kernel.settings import Settings

Host = Annotated[str | None, typer.Option("--host", help="监听的地址；默认只有本机能访问")]
Port = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="端口，默认 8000；0 表示任选一个")]
Sample = Annotated[bool, typer.Option("--sample/--no-sample", help="第一次启动时载入示例台账和岗位")]


def up(data: options.Data = options.DATA, host: Host = None, port: Port = None, with_sample: Sample = True) -> None:
    """启动全部服务：网页、接口、检索都在一个进程里，按 Ctrl-C 停止。"""
    given: dict[str, Any] = {"host": host, "port": port}
    settings = Settings(data=data, **{name: value for name, value in given.items() if value is not None})
    # On a console people read what we say to them; the course of things is for those who ask (YUNGONG_LOG_LEVEL=INFO).
    quiet = logs.resolved(settings.log_format, sys.stderr) == "console" and "log_level" not in settings.model_fields_set
    logs.configure("WARNING" if quiet else settings.log_level, settings.log_format)
    with console.failures_told():
        try:
            with data_directory.locked(settings.data):
                asyncio.run(_serve(settings, with_sample=with_sample))
        except (data_directory.DataDirectoryInUse, PermissionError) as refused:
            raise CannotContinue(str(refused)) from refused


async def _serve(settings: Settings, *, with_sample: bool) -> None:
    # The server's libraries take a second to import; the other commands do without.
    from services.cli import embedded, server  # noqa: PLC0415

    with server.listening_socket(settings.host, settings.port) as listening:
        url = server.url_of(listening)
        running = server.Server(embedded.build(settings))
        with data_directory.announced(settings.data, url):
            greeting = asyncio.create_task(_greet(running.serving, settings.data, url, with_sample=with_sample))
            try:
                started = await running.run_until_stopped(listening)
            finally:
                greeting.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await greeting
    if not started:
        raise CannotContinue("没有启动成功，原因见上面的日志。可以运行 yungong doctor 检查。")
    err.print("已停止。")


async def _greet(serving: asyncio.Event, data: Path, url: str, *, with_sample: bool) -> None:
    """Once it serves: the sample if it is due, then the addresses."""
    await serving.wait()
    loaded = await asyncio.to_thread(_load_sample, data, url) if with_sample else ""
    out.print(f"\n[bold green]云工已就绪[/]（数据目录 {escape(str(data))}）", soft_wrap=True)
    out.print(f"  网页      {url}/\n  接口文档  {url}/docs", soft_wrap=True)
    if loaded:
        out.print(f"  {loaded}", soft_wrap=True)
    out.print("按 Ctrl-C 停止。")


def _load_sample(data: Path, url: str) -> str:
    client = Client(find(url, data))
    try:
        if not sample.is_due(client, data):
            return ""
        loaded = sample.load(client, data)
    except (Refused, Unreachable, CannotContinue) as trouble:
        return f"[yellow]示例数据没有载入[/]：{escape(str(trouble))}"
    finally:
        client.close()
    counted = f"劳动力 {loaded['workers']} 人，岗位 {loaded['postings']} 个"
    return f"已载入虚构的示例：{counted}。用自己的数据时请另选目录：--data 新目录 --no-sample"
