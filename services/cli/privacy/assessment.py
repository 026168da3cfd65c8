"""`yungong privacy assessment`: the impact assessment of PIPL 55, with what this installation really does filled in."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import typer

from services.cli import console, options, process
from services.cli.client import Refused, Unreachable, connected
from services.kernel.clock import SystemClock
from services.kernel.http.application import VERSION
from services.kernel.settings import Settings

commands = typer.Typer(help="个人信息保护的文书：由本套系统的实际配置填写。", no_args_is_help=True)

Out = Annotated[Path, typer.Option("--out", help="写到哪个文件（Markdown）", metavar="文件")]

_STORES: Final = {
    "sqlite+aiosqlite": "内置数据库（SQLite 文件）",
    "postgresql+asyncpg": "PostgreSQL",
    "embedded": "内置",
    "kafka": "Kafka",
    "http": "Elasticsearch（未加密的连接）",
    "https": "Elasticsearch",
}


@commands.command("assessment")
def assessment(out: Out, data: options.Data = options.DATA, url: options.Url = None) -> None:
    """个人信息保护影响评估：系统知道的都填好，只有本单位知道的留空。"""
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - half a second of imports

    with process.failures():
        settings = process.settings_of(data)
        template = files("services.cli.privacy").joinpath("assessment.md.j2").read_text("utf-8")
        environment = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True)  # noqa: S701 - Markdown
        text = environment.from_string(template).render(facts(settings) | {"counts": _counts(url, data)})
        out.write_text(text, encoding="utf-8")
        console.out.print(f"已写入 {out}。带“□”的由本单位填写；保存三年（个人信息保护法第五十六条）。", soft_wrap=True)


def facts(settings: Settings) -> dict[str, Any]:
    """What the settings say, without an address or a secret."""
    return {
        "day": SystemClock().today().isoformat(),
        "version": VERSION,
        "workers_store": _kind(settings.workers_store_url),
        "jobs_store": _kind(settings.jobs_store_url),
        "bus": _kind(settings.bus_url),
        "index": _kind(settings.index_url),
        "cipher": settings.key_cipher.value.upper(),
        "keys": "环境或密钥目录里的密钥环" if settings.key_ring else "密钥文件（仅所有者可读）",
        "import_days": settings.retention_import_days,
        "withdrawn_days": settings.retention_withdrawn_days,
        "reveals": settings.employer_contact_reveals_a_day,
        "pages": settings.employer_candidate_pages_a_day,
        "outside": settings.host not in ("127.0.0.1", "::1", "localhost"),
        "provider": settings.oidc_issuer or "",
    }


def _kind(address: str) -> str:
    scheme = urlsplit(address).scheme
    return _STORES.get(scheme, scheme)


def _counts(url: str | None, data: Path) -> dict[str, Any] | None:
    try:
        with connected(url, data) as client:
            return client.get("/v1/workers/counts")
    except (Unreachable, Refused):
        return None
