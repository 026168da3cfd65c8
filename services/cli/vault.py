"""`yungong vault`: which master keys seal what, and changing them. It reaches databases and key file directly."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import typer
from rich.table import Table

from services.cli import console, options, process
from services.cli.backends import DATABASES, Owner, Recorder, require_tables
from services.cli.console import CannotContinue
from services.kernel import logs
from services.kernel.settings import Settings

if TYPE_CHECKING:
    from services.kernel.vault.keyfile import RingSource
    from services.kernel.vault.rotation import Sealed

    Work = Callable[[RingSource, dict[str, Sealed]], Coroutine[Any, Any, Any]]

commands = typer.Typer(help="保管库的主密钥：查看、更换、作废旧的。", no_args_is_help=True)


@commands.command("status")
def status(data: options.Data = options.DATA, as_json: options.Json = False) -> None:
    """各版主密钥还包着多少把数据密钥。"""
    with process.failures(as_json=as_json):
        found = _with_vaults(process.settings_of(data), _counts)
        if as_json:
            console.say_json(found)
            return
        table = Table("数据库", "主密钥版本", "数据密钥")
        for database, counts in found["databases"].items():
            for version, keys in counts.items():
                table.add_row(database, f"{version}{'（现用）' if version == found['current'] else ''}", str(keys))
        console.out.print(table)


@commands.command("rotate")
def rotate(data: options.Data = options.DATA) -> None:
    """换一把新的主密钥，把每个人的数据密钥重新包好。中断了再运行一次就接着做；服务不用停。"""
    with process.failures():
        settings = process.settings_of(data)
        _with_vaults(settings, lambda source, databases: _rotate(settings, source, databases))
        console.out.print("已全部改用新的主密钥。旧的还留着，供恢复以前的备份；不再需要时运行 yungong vault retire。")


@commands.command("retire")
def retire(data: options.Data = options.DATA) -> None:
    """作废旧的主密钥。此后换钥以前的备份再也打不开，其中已被删除的人也就永远打不开了。"""
    from services.kernel.vault import rotation  # noqa: PLC0415 - a second of imports

    with process.failures():
        retired = _with_vaults(process.settings_of(data), rotation.retire)
        console.out.print(f"作废了 {retired} 把旧的主密钥。请把新的密钥文件备份到保险的地方。")


async def _rotate(settings: Settings, source: "RingSource", databases: "dict[str, Sealed]") -> None:
    from services.kernel.vault import rotation  # noqa: PLC0415

    async for step in rotation.rotate(source, databases, settings.key_cipher):
        done = f"{step.database} 重新包好 {step.rewrapped} 把" if step.database else f"新的主密钥是第 {step.master} 版"
        console.err.print(done)


async def _counts(source: "RingSource", databases: "dict[str, Sealed]") -> dict[str, Any]:
    counts = {name: dict(sorted((await database.by_master()).items())) for name, database in databases.items()}
    return {"current": source.ring().current, "databases": counts}


def _with_vaults(settings: Settings, work: "Work") -> Any:
    """The result of `work` on the key ring and every database's data keys. Raises CannotContinue."""
    logs.configure("ERROR", settings.log_format)
    from services.kernel.store import StoreUnavailable  # noqa: PLC0415 - a second of imports
    from services.kernel.vault.port import VaultSealed  # noqa: PLC0415
    from services.kernel.vault.rotation import NotYet  # noqa: PLC0415

    async def opened() -> Any:
        async with _vaults(settings) as databases:
            return await work(settings.keys.source(create=False), databases)

    try:
        return asyncio.run(opened())
    except StoreUnavailable as away:
        raise CannotContinue(f"数据库连不上（{away}）。") from away
    except VaultSealed as sealed:
        raise CannotContinue(f"密钥缺失或不对（{sealed}）。") from sealed
    except NotYet as not_yet:
        raise CannotContinue(f"现在还不能做（{not_yet}）。") from not_yet


@asynccontextmanager
async def _vaults(settings: Settings) -> "AsyncIterator[dict[str, Sealed]]":
    from sqlalchemy import MetaData  # noqa: PLC0415

    from services.kernel.store import open_store  # noqa: PLC0415
    from services.kernel.vault import data_keys_table, open_proven  # noqa: PLC0415
    from services.kernel.vault.rotation import Sealed  # noqa: PLC0415

    databases: dict[str, Sealed] = {}
    try:
        for recorder in Recorder:  # the access service's key seals nobody's data; it is renewed by renewing its signing keys
            owner = Owner(recorder.value)
            await require_tables(settings, owner)
            store = open_store(DATABASES[owner].url(settings))
            table = data_keys_table(MetaData())
            databases[owner.value] = Sealed(store, (await open_proven(store, table, settings.keys)).people)
        yield databases
    finally:
        for one in databases.values():
            await one.store.close()
