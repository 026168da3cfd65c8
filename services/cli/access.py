"""`yungong access`: let staff, employers, their systems and kiosks in, renew and end what they show, see who may do what."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.markup import escape

from services.cli import console, options
from services.cli.client import Client, connected
from services.cli.console import CannotContinue
from services.contracts.roles import PRESETS, Role
from services.contracts.vocabulary import divisions

commands = typer.Typer(help="授权：发放、查看、更换、停用凭证。", no_args_is_help=True)

_ROLES = "；".join(f"{role} {preset.title}" for role, preset in PRESETS.items())
Name = Annotated[str, typer.Option("--name", help="谁：单位或人的名称")]
Region = Annotated[list[str] | None, typer.Option("--region", help="服务的地区：区划代码或名称，可重复（含其下所有县区）")]
Workplace = Annotated[list[str] | None, typer.Option("--workplace", help="管理岗位的地区（工作站所在城市），可重复")]
Days = Annotated[int | None, typer.Option("--days", min=1, max=3650, help="有效天数；默认按角色")]
Account = Annotated[str, typer.Argument(help="账号（a_…）或凭证（c_…）", metavar="ID")]
Employer = Annotated[str, typer.Option("--employer", help="用人单位编号")]

grant = typer.Typer(help="发放凭证；密钥只显示这一次。", no_args_is_help=True)
commands.add_typer(grant, name="grant")


@grant.command("staff")
def grant_staff(  # noqa: PLR0917 - an option each
    name: Name,
    role: Annotated[Role, typer.Option("--role", help=_ROLES)] = Role.CLERK,
    region: Region = None,
    workplace: Workplace = None,
    days: Days = None,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """人社工作人员：县、州市、省，驻外工作站，审计，管理员。"""
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        scope = {"regions": _codes(region), "workplaces": _codes(workplace)}
        _grant(client, name, role, scope, days=days, as_json=as_json)


@grant.command("employer")
def grant_employer(  # noqa: PLR0917 - an option each
    name: Name,
    employer: Employer,
    days: Days = None,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """用人单位：只见自己的岗位。"""
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        _grant(client, name, Role.EMPLOYER, {"employer_id": employer}, days=days, as_json=as_json)


@grant.command("portal")
def grant_portal(  # noqa: PLR0917 - an option each
    name: Name,
    employer: Employer,
    days: Days = None,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """用人单位的系统，代表一个用人单位。"""
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        _grant(client, name, Role.PORTAL, {"employer_id": employer}, days=days, as_json=as_json)


@grant.command("kiosk")
def grant_kiosk(  # noqa: PLR0917 - an option each
    name: Name,
    fair: Annotated[str, typer.Option("--fair", help="招聘会编号")],
    days: Days = None,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """招聘会上的一台自助机。"""
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        _grant(client, name, Role.KIOSK, {"fair_id": fair}, days=days, as_json=as_json)


@grant.command("service")
def grant_service(
    name: Name,
    days: Days = None,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """监控等后台系统：只看运行指标。"""
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        _grant(client, name, Role.MONITOR, {}, days=days, as_json=as_json)


@commands.command("list")
def list_accounts(
    ended: Annotated[bool, typer.Option("--all", help="也列出已停用的")] = False,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """谁有什么权限，凭证何时到期、最后何时用过。"""
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        accounts = [one for one in _all(client) if ended or not one["revoked_at"]]
        if as_json:
            console.say_json({"items": accounts})
            return
        for account in accounts:
            _show(account)


@commands.command("rotate")
def rotate(  # noqa: PLR0917 - an option each
    account: Account,
    overlap: Annotated[int, typer.Option("--overlap-hours", min=0, max=2160, help="旧凭证还可用几小时")] = 24,
    days: Days = None,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """换一把新密钥；旧的在过渡时间内仍可用。"""
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        body = {"overlap_hours": overlap, "days": days}
        answer = client.send("POST", f"/v1/access/accounts/{account}/credentials", body)
        _tell_secret(answer, as_json=as_json)


@commands.command("revoke")
def revoke(account: Account, data: options.Data = options.DATA, url: options.Url = None, as_json: options.Json = False) -> None:
    """立即停用一个账号（或一把凭证）；已发出的令牌几秒内全部失效。"""
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        answer = client.send("POST", f"/v1/access/accounts/{account}/revocation", {})
        if as_json:
            console.say_json(answer)
            return
        console.out.print(f"已停用：{escape(answer['name'])}（{account}）")


@commands.command("rotate-keys")
def rotate_keys(
    at_once: Annotated[bool, typer.Option("--at-once", help="签名密钥已泄露：此前的令牌立即全部作废")] = False,
    data: options.Data = options.DATA,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """更换签发令牌的密钥（平时每 30 天自动更换）。"""
    with console.failures_told(as_json=as_json), connected(url, data) as client:
        answer = client.send("POST", "/v1/access/keys", {"at_once": at_once})
        if as_json:
            console.say_json(answer)
            return
        console.out.print(f"新的签名密钥 {answer['kid']}" + ("；此前的令牌已全部作废" if at_once else "，10 秒后启用"))


def _grant(client: Client, name: str, role: Role, scope: dict[str, Any], *, days: int | None, as_json: bool) -> None:
    body = {"name": name, "role": str(role), "scope": scope, "days": days}
    _tell_secret(client.send("POST", "/v1/access/accounts", body), as_json=as_json)


def _tell_secret(answer: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        console.say_json(answer)
        return
    shown = answer["credential"].partition(".")[0]
    newest = next(one for one in answer["credentials"] if one["id"] == shown)
    out = console.out
    out.print(f"[bold green]已授权[/] {escape(answer['name'])}  {PRESETS[Role(answer['role'])].title}", soft_wrap=True)
    out.print(f"  账号  {answer['id']}")
    out.print(f"  范围  {escape(_scope_told(answer['scope']))}", soft_wrap=True)
    out.print(f"  到期  {newest['expires_at'][:10]}")
    out.print(f"  凭证  [bold]{escape(answer['credential'])}[/]", soft_wrap=True)
    out.print("凭证只显示这一次，请现在交给对方；系统里只留校验值。")


def _all(client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = client.get("/v1/access/accounts", limit=200, **after)
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        after = {"cursor": page["next_cursor"]}


def _codes(named: Sequence[str] | None) -> list[str]:
    """Codes of the divisions given by code or by name. Raises CannotContinue."""
    return [_code(text) for text in named or ()]


def _code(text: str) -> str:
    known = divisions.load()
    if known.get(text) or known.former(text):
        return text
    place = known.resolve("", "", text)
    if place is None or place.text:
        raise CannotContinue(f"行政区划里找不到“{text}”，请写区划代码（如 530627）或全称（如 昭通市镇雄县）。")
    return place.code


def _scope_told(scope: dict[str, Any]) -> str:
    told = []
    for name, title in (("regions", "服务"), ("workplaces", "岗位")):
        codes = scope[name]
        if codes is None or codes:
            told.append(f"{title} {'不限' if codes is None else '、'.join(map(divisions.load().full_name, codes))}")
    told += [f"{title} {scope[name]}" for name, title in (("employer_id", "单位"), ("fair_id", "招聘会")) if scope[name]]
    return "；".join(told) or "—"


def _show(account: dict[str, Any]) -> None:
    """An account on its lines, ids whole: they are what the other commands take."""
    ended = " [red]已停用[/]" if account["revoked_at"] else ""
    title = f"{PRESETS[Role(account['role'])].title}  {escape(_scope_told(account['scope']))}"
    console.out.print(f"[bold]{escape(account['name'])}[/]{ended}  {title}", soft_wrap=True)
    console.out.print(f"  {account['id']}")
    for one in account["credentials"]:
        if not one["revoked_at"]:
            ends, used = (one["expires_at"] or "不到期")[:10], (one["last_used_at"] or "从未")[:10]
            console.out.print(f"    {escape(one['id'])}  [dim]到期 {ends}  最后使用 {used}[/]", soft_wrap=True)
