"""`yungong import confirm | differences | decide | template`: what a clerk does with an import beside waiting for it."""

from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from services.cli import console, options
from services.cli.client import Client, connected
from services.cli.imports import Kind, tell, watch

_PAGE: Final = 200
_DECISIONS: Final = {"open": "待定", "taken": "已采用表格", "kept": "保留原记录"}

ImportId = Annotated[str, typer.Argument(metavar="IMPORT", help="导入的编号（imp_…）")]
Ids = Annotated[list[int] | None, typer.Option(help="差异的编号，可重复写")]


def confirm(
    kind: Annotated[Kind, typer.Argument(help="workers 或 postings")],
    import_id: ImportId,
    *,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """把试算过的文件正式导入，不用再上传一次。"""
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        taken = client.send("POST", f"/v1/{kind}/imports/{import_id}/confirmation")
        done = watch(client, kind, import_id, taken["source"])
        if as_json:
            console.say_json({name: done[name] for name in ("id", "accepted", "warned", "rejected")})
        else:
            tell(kind, done)


def differences(
    import_id: ImportId,
    *,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """列出表格和已有记录不同的地方（号码和姓名遮盖）。"""
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        found = _all(client, import_id)
        if as_json:
            console.say_json({"items": found})
            return
        table = Table("编号", "行", "列", "记录里", "表格里", "")
        for one in found:
            cells = (escape(one[name]) for name in ("column", "held", "offered"))
            table.add_row(str(one["id"]), str(one["row"]), *cells, _DECISIONS[one["decision"]])
        console.out.print(table)


def decide(
    import_id: ImportId,
    take: Ids = None,
    keep: Ids = None,
    *,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """逐项决定：--take 采用表格里的，--keep 保留记录里的。"""
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        body = {"take": take or [], "keep": keep or []}
        decided = client.send("POST", f"/v1/workers/imports/{import_id}/decisions", body)
        if as_json:
            console.say_json(decided)
            return
        counts = "，".join(f"{_DECISIONS[name]} {count}" for name, count in decided["counts"].items())
        console.out.print(f"采用了 {decided['taken']} 处。这次导入的差异：{counts or '没有'}")


def template(
    division_code: Annotated[str, typer.Argument(metavar="区划代码", help="这个县的代码，如 530627")],
    heading: Annotated[list[str] | None, typer.Option("--heading", metavar="表头=我们的列", help="可重复写")] = None,
    kind: Annotated[Kind, typer.Option(help="workers 或 postings")] = "workers",
    *,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """记住一个县的表头叫法（如 --heading 身份识别码=身份证号）；不写 --heading 则忘掉。"""
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        own = dict(_parted(one) for one in heading or [])
        kept = client.send("PUT", f"/v1/{kind}/imports-templates/{division_code}", {"headings": own})
        if as_json:
            console.say_json(kept)
        else:
            console.out.print(
                f"已记住 {division_code} 的 {len(kept['headings'])} 个表头" if own else f"已忘掉 {division_code} 的表头"
            )


def _parted(one: str) -> tuple[str, str]:
    theirs, _, ours = one.partition("=")
    return theirs.strip(), ours.strip()


def _all(client: Client, import_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = client.get(f"/v1/workers/imports/{import_id}/differences", after=after, limit=_PAGE)
        found.extend(page["items"])
        after = page["next_after"]
    return found
