"""`yungong export workers FILE`: the register in the headings of the import, for whoever may have it."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from services.cli import console, options
from services.cli.client import connected
from services.contracts.purposes import SAID, Purpose

_PURPOSES = "；".join(f"{purpose} {said}" for purpose, said in SAID.items())

commands = typer.Typer(help="导出台账（身份证号等为明文，每人一条审计记录）。", no_args_is_help=True)


@commands.callback()
def _grouped() -> None:
    """A group, although it has one command so far."""


@commands.command("workers")
def export_workers(
    file: Annotated[Path, typer.Argument(dir_okay=False, writable=True, metavar="FILE", help="存到这里：.xlsx 或 .csv")],
    purpose: Annotated[Purpose, typer.Option("--purpose", help=f"用途，随审计记录保存：{_PURPOSES}")],
    county: Annotated[str | None, typer.Option("--county", metavar="区划代码", help="只导出这个县的人")] = None,
    *,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """导出劳动力台账，表头与导入相同；原样再导入不会改变什么。"""
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        form = file.suffix.lower().removeprefix(".")
        if form not in ("xlsx", "csv"):
            raise console.CannotContinue("文件名应以 .xlsx 或 .csv 结尾")
        body = {"purpose": str(purpose), "format": form} | ({"county_code": county} if county else {})
        size = client.save("/v1/workers/exports", body, file)
        if as_json:
            console.say_json({"file": str(file.absolute()), "bytes": size})
        else:
            console.out.print(
                f"已存到 {escape(str(file))}（{size} 字节）。内含身份证号等明文，请妥善保管，用完删除。", soft_wrap=True
            )
