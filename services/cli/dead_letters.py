"""`yungong dead-letters`: what could not be handled, straight from the bus. It holds no more of a person than events do."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from services.cli import backends, console, options, process
from services.cli.console import CannotContinue
from services.kernel import logs
from services.kernel.settings import Settings

if TYPE_CHECKING:
    from services.kernel.bus.dead_letters import DeadLetters, Letter

commands = typer.Typer(help="查看、重放处理不了的消息。", no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ID", help="list 列出的编号")]
Ids = Annotated[list[str] | None, typer.Argument(metavar="ID...", help="list 列出的编号")]
All = Annotated[bool, typer.Option("--all", help="全部重放")]

_OUTCOMES: Final = {
    "replayed": "已重新发出",
    "superseded": "已有更新的记录，不必重放，已清除",
    "unknown": "没有这一条，或已重放过",
    "failed": "消息通道没有确认，请再试",
}


@commands.command("list")
def list_all(data: options.Data = options.DATA, as_json: options.Json = False) -> None:
    """列出等待处理的消息，旧的在前。"""
    with process.failures(as_json=as_json):
        letters = _on_bus(data, lambda dead_letters: dead_letters.list())
        if as_json:
            console.say_json([_document(letter) for letter in letters])
            return
        if not letters:
            console.out.print("没有处理不了的消息。")
            return
        table = Table("编号", "时间", "原因")
        for letter in letters:
            table.add_row(escape(letter.id), f"{letter.at:%Y-%m-%d %H:%M:%S}", escape(letter.reason))
        console.out.print(table)


@commands.command("show")
def show(letter_id: Id, data: options.Data = options.DATA, as_json: options.Json = False) -> None:
    """查看一条消息的全部内容。"""
    with process.failures(as_json=as_json):
        letter = _on_bus(data, lambda dead_letters: dead_letters.show(letter_id))
        if letter is None:
            raise CannotContinue(f"没有编号为 {letter_id} 的消息。")
        document = _document(letter) | {"headers": dict(letter.headers), "value": _text(letter)}
        if as_json:
            console.say_json(document)
            return
        for name, value in document.items():
            console.out.print(f"[dim]{name}[/] {escape(str(value))}", soft_wrap=True)


@commands.command("replay")
def replay(ids: Ids = None, everything: All = False, data: options.Data = options.DATA, as_json: options.Json = False) -> None:
    """把消息按原样重新发出，由读它的程序再处理一遍。"""
    if bool(ids) == everything:
        raise typer.BadParameter("请写出编号，或用 --all 全部重放")
    with process.failures(as_json=as_json):
        outcomes = _on_bus(data, lambda dead_letters: _replay(dead_letters, ids))
        if as_json:
            console.say_json(outcomes)
        else:
            for letter_id, outcome in outcomes.items():
                console.out.print(f"{escape(letter_id)}：{_OUTCOMES[outcome]}", soft_wrap=True)
        if not {"unknown", "failed"}.isdisjoint(outcomes.values()):
            raise typer.Exit(1)


async def _replay(dead_letters: "DeadLetters", ids: list[str] | None) -> dict[str, str]:
    wanted = ids or [letter.id for letter in await dead_letters.list()]
    return {letter_id: outcome.value for letter_id, outcome in (await dead_letters.replay(wanted)).items()}


def _document(letter: "Letter") -> dict[str, Any]:
    shown = letter.model_dump(mode="json", exclude={"headers", "value_base64"})
    return {"id": letter.id, **shown}


def _text(letter: "Letter") -> str | None:
    return None if letter.value is None else letter.value.decode("utf-8", "backslashreplace")


def _on_bus(data: Path, work: "Callable[[DeadLetters], Coroutine[Any, Any, Any]]") -> Any:
    """The result of `work` on the dead letters of the settings' bus. Raises CannotContinue."""
    settings = process.settings_of(data)
    logs.configure("ERROR", settings.log_format)
    with backends.alone(settings, settings.bus_url):
        return asyncio.run(_opened(settings, work))


async def _opened(settings: Settings, work: "Callable[[DeadLetters], Coroutine[Any, Any, Any]]") -> Any:
    from services.kernel.bus import BusUnavailable, DeadLetters, open_bus  # noqa: PLC0415 - a second of imports

    bus = open_bus(settings.bus_url)
    try:
        return await work(DeadLetters(bus))
    except BusUnavailable as away:
        raise CannotContinue(f"消息通道连不上（{away}）。") from away
    finally:
        await bus.close()
