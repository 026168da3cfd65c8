"""`yungong erasures`: the ledger of who was erased: a copy of it to be kept apart, and its use after a backup was restored."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli import backends, console, options, process
from services.cli.backends import Owner
from services.cli.console import CannotContinue
from services.kernel import logs
from services.kernel.settings import Settings

if TYPE_CHECKING:
    from services.contracts.erasures import PersonErased
    from services.kernel.bus import Bus

commands = typer.Typer(help="删除台账（只有摘要，没有资料）：留一份副本，恢复备份后重新执行删除。", no_args_is_help=True)

Out = Annotated[Path, typer.Option("--out", help="写到哪个文件（每行一条 JSON）", metavar="文件")]
Kept = Annotated[Path | None, typer.Option("--kept", help="以前用 export 留下的副本", metavar="文件", exists=True)]


@commands.command("export")
def export(out: Out, data: options.Data = options.DATA) -> None:
    """把删除台账写成一个文件，和备份分开保存：整套备份都恢复到从前时，只有它还知道谁已被删除。"""
    with process.failures():
        from services.kernel.erasure import entries  # noqa: PLC0415 - a second of imports

        ledger = _on_bus(process.settings_of(data), entries)
        out.write_text("".join(f"{entry.model_dump_json()}\n" for entry in ledger.values()), encoding="utf-8")
        console.out.print(f"已写入 {len(ledger)} 条。")


@commands.command("reapply")
def reapply(kept: Kept = None, data: options.Data = options.DATA, as_json: options.Json = False) -> None:
    """恢复了人员数据库的备份之后、启动服务之前运行：备份以后被删除的人，再删一次。（yungong up 会自己做。）"""
    with process.failures(as_json=as_json):
        from services.workers.app import reapply_erasures  # noqa: PLC0415 - seconds of imports

        settings = process.settings_of(data)
        asyncio.run(backends.require_tables(settings, Owner.WORKERS))
        copy = _read(kept) if kept is not None else {}
        done = _on_bus(settings, lambda bus: reapply_erasures(settings, bus, copy))
        if as_json:
            console.say_json({"erased": done.erased, "taken": done.taken, "told": done.told})
            return
        said = f"重新删除 {done.erased} 人；补记台账 {done.taken} 条；向消息通道补发 {done.told} 条。"
        console.out.print(said, soft_wrap=True)


def _read(kept: Path) -> "dict[str, PersonErased]":
    from pydantic import ValidationError  # noqa: PLC0415

    from services.contracts.erasures import PersonErased  # noqa: PLC0415

    try:
        found = [PersonErased.model_validate(json.loads(line)) for line in kept.read_text("utf-8").splitlines() if line]
    except (ValueError, ValidationError) as unreadable:
        raise CannotContinue(f"{kept} 不是删除台账的副本。") from unreadable
    return {entry.blind: entry for entry in found}


def _on_bus(settings: Settings, work: "Callable[[Bus], Coroutine[Any, Any, Any]]") -> Any:
    """The result of `work` on the bus, closed afterwards. Raises CannotContinue."""
    logs.configure("ERROR", settings.log_format)
    from services.kernel.bus import BusUnavailable, open_bus  # noqa: PLC0415 - a second of imports
    from services.kernel.store import StoreUnavailable  # noqa: PLC0415
    from services.kernel.vault.port import VaultSealed  # noqa: PLC0415

    async def opened() -> Any:
        bus = open_bus(settings.bus_url)
        try:
            return await work(bus)
        finally:
            await bus.close()

    with backends.alone(settings, settings.bus_url):
        try:
            return asyncio.run(opened())
        except (BusUnavailable, StoreUnavailable) as away:
            what = "消息通道" if isinstance(away, BusUnavailable) else "人员数据库"
            raise CannotContinue(f"{what}连不上（{away}）。") from away
        except VaultSealed as sealed:
            raise CannotContinue(f"密钥缺失或不对（{sealed}）。") from sealed
