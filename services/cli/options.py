"""The options that commands share."""

from pathlib import Path
from typing import Annotated

import typer

Url = Annotated[str | None, typer.Option("--url", envvar="YUNGONG_URL", help="服务器地址；不填则找本机的", metavar="URL")]
Data = Annotated[Path, typer.Option("--data", envvar="YUNGONG_DATA", help="数据目录", metavar="目录")]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序使用")]
Wait = Annotated[bool, typer.Option("--wait/--no-wait", help="先等刚导入的人和岗位进入检索（最多半分钟）")]

DATA = Path("var")
