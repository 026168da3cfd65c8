"""`yungong audit`: is the record of who did what whole, all of it, or about one person. It reads the databases."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.table import Table

from services.cli import console, options, process
from services.cli.backends import DATABASES, Owner, require_tables
from services.cli.console import CannotContinue
from services.kernel import logs
from services.kernel.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from services.kernel.audit import AuditTables
    from services.kernel.vault.port import Vault

commands = typer.Typer(help="审计记录：核验、导出、查一个人的资料被谁看过。", no_args_is_help=True)

_AUDITED: Final = (Owner.WORKERS, Owner.JOBS)

Noted = Annotated[
    list[str] | None,
    typer.Option("--noted", help="以前记下的链尾；链被截短就能看出来", metavar="服务:位置:摘要"),
]
Out = Annotated[Path, typer.Option("--out", help="写到哪个文件（每行一条 JSON）", metavar="文件")]
Since = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="从哪天起", metavar="日期")]
Until = Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="到哪天止（含）", metavar="日期")]


@dataclass(frozen=True, slots=True)
class Audited:
    """One service's audit, to be read."""

    connection: "AsyncConnection"
    tables: "AuditTables"
    vault: "Vault"


@commands.command("verify")
def verify(noted: Noted = None, data: options.Data = options.DATA, as_json: options.Json = False) -> None:
    """核验各服务的审计链：一条不少、一条未改。不完整时退出码为 1。"""
    with process.failures(as_json=as_json):
        known = dict(_noted(one) for one in noted or ())
        found = _read(process.settings_of(data), lambda service, audited: _verified(service, audited, known.get(service)))
        if as_json:
            console.say_json(found)
        else:
            for service, one in found.items():
                end = f"{service}:{one.get('rows')}:{one.get('digest')}"
                said = f"完整，{one['rows']} 条，链尾 {end}" if one["whole"] else one["reason"]
                console.out.print(f"{'[green]✓[/]' if one['whole'] else '[red]✗[/]'} {service}：{said}", soft_wrap=True)
            console.out.print("请把链尾抄在别处：下次用 --noted 对照。")
        if not all(one["whole"] for one in found.values()):
            raise typer.Exit(1)


@commands.command("export")
def export(out: Out, data: options.Data = options.DATA) -> None:
    """导出全部审计记录（没有任何字段的值）。"""
    with process.failures():
        rows = _read(process.settings_of(data), _everything)
        lines = [json.dumps({"service": service} | row, ensure_ascii=False) for service, found in rows.items() for row in found]
        out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        console.out.print(f"已导出 {len(lines)} 条。")


@commands.command("report")
def report(
    subject: Annotated[str, typer.Argument(metavar="ID", help="人或岗位的 id；被删除的人也可以查")],
    *,
    since: Since = None,
    until: Until = None,
    data: options.Data = options.DATA,
    as_json: options.Json = False,
) -> None:
    """一条记录在一段时间里被谁看过、改过、为什么。"""
    with process.failures(as_json=as_json):
        window = (since.date() if since else None, until.date() if until else None)
        found = _read(process.settings_of(data), lambda _service, audited: _about(audited, subject, window))
        if as_json:
            console.say_json(found)
            return
        table = Table("时间", "服务", "谁", "范围", "做了什么", "目的", "字段", "结果")
        for service, rows in found.items():
            for row in rows:
                who = f"{row['actor']}（{row['actor_kind']}）"
                fields = "、".join(row["fields"])
                table.add_row(row["at"], service, who, row["scope"], row["deed"], row["purpose"], fields, row["outcome"])
        console.out.print(table)


def _noted(said: str) -> tuple[str, tuple[int, str]]:
    service, _, rest = said.partition(":")
    rows, _, digest = rest.partition(":")
    if service not in _AUDITED or not rows.isdigit() or not digest:
        raise CannotContinue(f"看不懂 --noted {said}：应为 服务:位置:摘要。")
    return service, (int(rows), digest)


async def _verified(_service: str, audited: Audited, known: tuple[int, str] | None) -> dict[str, Any]:
    from services.kernel.audit.chain import ChainBroken, Verified  # noqa: PLC0415
    from services.kernel.audit.chain import verify as walk  # noqa: PLC0415

    try:
        whole = await walk(audited.connection, audited.tables, audited.vault, known and Verified(*known))
    except ChainBroken as broken:
        return {"whole": False, "reason": str(broken)}
    return {"whole": True, "rows": whole.rows, "digest": whole.digest}


async def _everything(_service: str, audited: Audited) -> list[dict[str, Any]]:
    from services.kernel.audit.chain import rows_in_order  # noqa: PLC0415

    return [_told(row._asdict()) async for row in rows_in_order(audited.connection, audited.tables)]


async def _about(audited: Audited, subject: str, window: tuple[date | None, date | None]) -> list[dict[str, Any]]:
    from services.kernel.audit.reading import about  # noqa: PLC0415
    from services.kernel.clock import CHINA  # noqa: PLC0415

    since, until = window
    first = datetime.combine(since, time(), CHINA) if since else None
    end = datetime.combine(until + timedelta(days=1), time(), CHINA) if until else None
    rows = await about(audited.connection, audited.tables, audited.vault, subject, since=first, until=end)
    return [_told(row._asdict()) for row in rows]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"at": row["at"].isoformat(timespec="seconds")}


def _read(settings: Settings, look: "Callable[[str, Audited], Coroutine[Any, Any, Any]]") -> dict[str, Any]:
    """Service -> what `look` finds in its audit. Raises CannotContinue."""
    logs.configure("ERROR", settings.log_format)
    from services.kernel.store import StoreUnavailable  # noqa: PLC0415 - a second of imports
    from services.kernel.vault.port import VaultSealed  # noqa: PLC0415

    async def all_of_them() -> dict[str, Any]:
        found = {}
        for owner in _AUDITED:
            async with _audited(settings, owner) as audited:
                found[owner.value] = await look(owner.value, audited)
        return found

    try:
        return asyncio.run(all_of_them())
    except StoreUnavailable as away:
        raise CannotContinue(f"数据库连不上（{away}）。") from away
    except VaultSealed as sealed:
        raise CannotContinue(f"密钥缺失或不对（{sealed}）。") from sealed


@asynccontextmanager
async def _audited(settings: Settings, owner: Owner) -> AsyncIterator[Audited]:
    from sqlalchemy import MetaData  # noqa: PLC0415

    from services.kernel.audit import audit_tables  # noqa: PLC0415
    from services.kernel.store import open_store  # noqa: PLC0415
    from services.kernel.vault import data_keys_table, open_proven  # noqa: PLC0415

    await require_tables(settings, owner)
    store = open_store(DATABASES[owner].url(settings))
    try:
        vault = await open_proven(store, data_keys_table(MetaData()), settings.keys)
        async with store.read() as connection:
            yield Audited(connection, audit_tables(MetaData()), vault)
    finally:
        await store.close()
