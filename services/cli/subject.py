"""`yungong subject`: what a person may ask for about the own data: a copy of it, its erasure, the proof of that."""

import json
import time
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.markup import escape

from services.cli import console, held_sheet, options, subjects
from services.cli.client import Client, Refused, connected
from services.cli.console import CannotContinue

commands = typer.Typer(help="本人对自己资料的权利：查阅复制、删除、删除证明。", no_args_is_help=True)

Worker = Annotated[str, typer.Argument(metavar="WORKER", help="序号，或 id（w_…）")]
Out = Annotated[Path, typer.Option("--out", help="写到哪个文件：.json 或 .xlsx", metavar="文件")]
Reason = Annotated[
    str,
    typer.Option(
        help="依据：subject_request（本人要求）、purpose_fulfilled、consent_withdrawn、retention_over、unlawful", metavar="代码"
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="不再询问")]

_SERVICES: Final = {"workers": "/v1/workers/{id}/held", "matcher": "/v1/index/workers/{id}"}
"""Service -> where it tells what it holds about a person."""
_PATIENCE_S: Final = 60.0
_LOOK_S: Final = 0.2


@commands.command("export")
def export(worker: Worker, out: Out, data: options.Data = options.DATA, url: options.Url = None) -> None:
    """把各服务里关于一个人的全部资料汇成一个文件，交给本人。每次都有审计记录。"""
    with console.failures_told(), connected(url, data) as client:
        if out.suffix not in (".json", ".xlsx"):
            raise CannotContinue("文件名应以 .json 或 .xlsx 结尾。")
        worker_id = subjects.resolve(client, "workers", worker)
        held = {service: _held(client, path.format(id=worker_id)) for service, path in _SERVICES.items()}
        text = json.dumps(held, ensure_ascii=False, indent=2).encode()
        out.touch(mode=0o600)
        out.chmod(0o600)
        out.write_bytes(text if out.suffix == ".json" else held_sheet.workbook(held))
        console.out.print(f"已写入 {escape(str(out))}。里面是明文：交给本人后请删除。", soft_wrap=True)


@commands.command("erase")
def erase(
    worker: Worker,
    *,
    reason: Reason = "subject_request",
    yes: Yes = False,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """删除一个人的全部资料，等到检索里也没有了为止。不能撤销。"""
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        worker_id = subjects.resolve(client, "workers", worker)
        if not yes and not typer.confirm(f"要彻底删除 {worker_id} 吗？删除后谁也恢复不了"):
            raise CannotContinue("没有删除。")
        began = time.monotonic()
        client.send("POST", f"/v1/workers/{worker_id}/erasure", {"reason": reason})
        proof = _proof(client, worker_id)
        while not proof["complete"] and time.monotonic() - began < _PATIENCE_S:
            time.sleep(_LOOK_S)
            proof = _proof(client, worker_id)
        _tell_proof(proof, as_json=as_json)


@commands.command("proof")
def prove(
    worker: Annotated[str, typer.Argument(metavar="ID", help="被删除者的 id（w_…）")],
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """删除证明：各处还剩多少条关于这个人的记录。有剩余时退出码为 1。"""
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        _tell_proof(_proof(client, worker), as_json=as_json)


def _held(client: Client, path: str) -> dict[str, Any] | None:
    """What a service tells; None when it holds nothing."""
    try:
        return client.get(path)
    except Refused as refused:
        if refused.document.get("status") == HTTPStatus.NOT_FOUND:
            return None
        raise


def _proof(client: Client, worker_id: str) -> dict[str, Any]:
    """The workers service's proof, with whether the index still holds the person, in any generation."""
    proof = client.get(f"/v1/workers/{worker_id}/erasure")
    index = client.get(f"/v1/index/erasures/{worker_id}")
    return proof | {"index": index, "complete": proof["complete"] and index["complete"]}


def _tell_proof(proof: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        console.say_json(proof)
    else:
        console.out.print(f"删除台账 {proof['erasure']['blind']}  {proof['erasure']['erased_at']}", soft_wrap=True)
        for table, rows in proof["rows"].items():
            console.out.print(f"  {table}：{rows} 条")
        for generation, held in proof["index"]["generations"].items():
            console.out.print(f"  {generation}：{'还在' if held else '没有'}")
        console.out.print(f"  消息通道：{'已写入删除标记' if proof['told'] else '删除标记还没有发出'}")
        console.out.print("[green]已全部删除。[/]" if proof["complete"] else "[red]还没有全部删除。[/]")
    if not proof["complete"]:
        raise typer.Exit(1)
