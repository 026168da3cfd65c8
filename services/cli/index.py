"""`yungong index`: the process that keeps the index, rebuilding it, and its generations. It reaches bus and index directly."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Column, Table

from services.cli import backends, console, options, process
from services.cli.console import CannotContinue
from services.cli.process import HealthPort, Host
from services.kernel import logs
from services.kernel.settings import Settings

if TYPE_CHECKING:
    from services.kernel.bus import Bus
    from services.kernel.index import Generation, Index

commands = typer.Typer(help="编索引、重建索引、查看各代索引。", no_args_is_help=True)

Drop = Annotated[str | None, typer.Option("--drop", help="删去这一代（正在使用的不能删）", metavar="名称")]
Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="等到新的一代接替为止")]


@commands.command("run")
def run(data: options.Data = options.DATA, host: Host = None, health_port: HealthPort = None) -> None:
    """跟随消息通道，不断把变更编入索引（可同时运行多个）。"""
    with process.failures():
        settings = process.settings_of(data, host=host, health_port=health_port)
        with backends.alone(settings, settings.bus_url, settings.index_url):
            from services.matcher.app import build_indexer  # noqa: PLC0415 - seconds of imports

            process.run(settings, build_indexer, settings.health_port)


@commands.command("rebuild")
def rebuild(data: options.Data = options.DATA, wait: Wait = True, as_json: options.Json = False) -> None:
    """从消息通道重建索引：旧的一代照常使用，新的一代编好并核对后才接替。"""
    with process.failures(as_json=as_json):
        settings = process.settings_of(data)
        with backends.alone(settings, settings.bus_url, settings.index_url):
            logs.configure("ERROR", settings.log_format)
            from services.cli import rebuilding  # noqa: PLC0415 - seconds of imports

            done = _on_backends(settings, lambda bus, index: rebuilding.rebuild(settings, bus, index, wait=wait))
        if as_json:
            console.say_json(done)
        elif not wait:
            console.out.print(f"已请求重建：{'、'.join(done.values())}。由运行着的 yungong index run 完成。", soft_wrap=True)
        else:
            console.out.print(f"重建完成，正在使用：{'、'.join(done.values())}。", soft_wrap=True)


@commands.command("generations")
def generations(data: options.Data = options.DATA, drop: Drop = None, as_json: options.Json = False) -> None:
    """列出各代索引；用 --drop 删去不用的。"""
    with process.failures(as_json=as_json):
        settings = process.settings_of(data)
        with backends.alone(settings, settings.index_url):
            logs.configure("ERROR", settings.log_format)
            found = _on_backends(settings, lambda _bus, index: _generations(index, drop))
        if as_json:
            console.say_json(found)
            return
        table = Table(Column("名称", overflow="fold"), "类别", "文档数", "状态", "结构版本")
        for one in found:
            state = "[green]使用中[/]" if one["active"] else "未使用"
            table.add_row(one["name"], one["collection"], str(one["documents"]), state, one["schema_version"])
        console.out.print(table)


async def _generations(index: "Index", drop: str | None) -> list[dict[str, Any]]:
    from services.matcher.indexer.documents import Collection  # noqa: PLC0415 - a second of imports

    known = [one for collection in Collection for one in await index.generations(collection)]
    if drop is not None:
        await _drop(index, known, drop)
        known = [one for one in known if one.name != drop]
    return [
        {
            "name": one.name,
            "collection": one.collection,
            "documents": await index.count(one.collection, one),
            "active": one.active,
            "schema_version": one.schema_version,
        }
        for one in known
    ]


async def _drop(index: "Index", known: "list[Generation]", name: str) -> None:
    chosen = next((one for one in known if one.name == name), None)
    if chosen is None:
        raise CannotContinue(f"没有名为 {name} 的一代索引。")
    if chosen.active:
        raise CannotContinue(f"{name} 正在使用，不能删。")
    await index.drop(chosen)


def _on_backends(settings: Settings, work: "Callable[[Bus, Index], Coroutine[Any, Any, Any]]") -> Any:
    """The result of `work` on bus and index of the settings, closed afterwards. Raises CannotContinue."""
    from services.kernel.bus import BusUnavailable, open_bus  # noqa: PLC0415 - a second of imports
    from services.kernel.index import IndexUnavailable, open_index  # noqa: PLC0415

    async def opened() -> Any:
        bus, index = open_bus(settings.bus_url), open_index(settings.index_url)
        try:
            return await work(bus, index)
        finally:
            await bus.close()
            await index.close()

    try:
        return asyncio.run(opened())
    except (BusUnavailable, IndexUnavailable) as away:
        what = "消息通道" if isinstance(away, BusUnavailable) else "索引"
        raise CannotContinue(f"{what}连不上（{away}）。") from away
