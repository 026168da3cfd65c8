"""`yungong republish`: tell the bus everything again, after it lost what it had been told (a topic deleted, a disk gone)."""

import asyncio
from typing import Annotated

import typer

from services.cli import backends, console, options, process
from services.cli.backends import Owner, Recorder
from services.cli.console import CannotContinue
from services.kernel import logs
from services.kernel.settings import Settings

Which = Annotated[list[Recorder] | None, typer.Argument(help="哪些服务；不填则全部", metavar="[workers|jobs]...")]


def republish(services: Which = None, data: options.Data = options.DATA, as_json: options.Json = False) -> None:
    """把数据库里的全部记录重新发到消息通道（通道的数据丢失之后用）；服务可以照常运行，重复运行没有害处。"""
    with process.failures(as_json=as_json):
        settings = process.settings_of(data)
        logs.configure("WARNING", settings.log_format)
        told = {owner: _republish(settings, owner) for owner in services or list(Recorder)}
        if as_json:
            console.say_json(told)
            return
        for owner, count in told.items():
            console.out.print(f"{owner}：{count} 条已排队，由 yungong relay {owner}（或 yungong up）发出。", soft_wrap=True)


def _republish(settings: Settings, owner: Recorder) -> int:
    from services.kernel.store import StoreUnavailable  # noqa: PLC0415 - a second of imports
    from services.kernel.vault.port import VaultSealed  # noqa: PLC0415

    asyncio.run(backends.require_tables(settings, Owner(owner.value)))
    match owner:
        case Recorder.WORKERS:
            from services.workers.app import republish as all_of_it  # noqa: PLC0415
        case Recorder.JOBS:
            from services.jobs.app import republish as all_of_it  # noqa: PLC0415
    with console.err.status(f"{owner}…") as status:
        try:
            return asyncio.run(all_of_it(settings, lambda count: status.update(f"{owner}：{count} 条")))
        except StoreUnavailable as away:
            raise CannotContinue(f"{owner} 的数据库连不上（{away}）。") from away
        except VaultSealed as sealed:
            raise CannotContinue(f"打不开 {owner} 里封存的内容：密钥文件不在，或不是这个数据库的。") from sealed
