"""`yungong migrate`: bring the databases to the tables of this version. May run twice, and on several machines at once."""

import asyncio
from typing import Annotated

import typer

from services.cli import backends, console, options, process
from services.cli.backends import DATABASES, Owner
from services.cli.console import CannotContinue
from services.kernel import logs

Which = Annotated[list[Owner] | None, typer.Argument(help="哪些服务；不填则全部", metavar="[workers|jobs|access]...")]


def migrate(services: Which = None, data: options.Data = options.DATA) -> None:
    """建立或升级数据库的表结构；重复运行、同时运行都没有害处。"""
    with process.failures():
        settings = process.settings_of(data)
        logs.configure("WARNING", settings.log_format)
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        for owner in services or list(Owner):
            _migrate(owner, DATABASES[owner].url(settings))
            asyncio.run(backends.require_tables(settings, owner))
            console.out.print(f"{owner} 的数据库已是最新的表结构。")


def _migrate(owner: Owner, url: str) -> None:
    from services.kernel.store import StoreUnavailable, migrate  # noqa: PLC0415 - a second of imports

    try:
        asyncio.run(migrate(url, DATABASES[owner].migrations))
    except StoreUnavailable as away:
        raise CannotContinue(f"{owner} 的数据库连不上（{away}）。") from away
