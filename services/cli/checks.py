"""What `yungong doctor` looks at. Each check gives findings: what is so, and what to do where it is not well."""

import platform
import shutil
import socket
import sqlite3
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal

from services.cli import data_directory, progress
from services.cli.client import Client, Refused, Unreachable

OLDEST_PYTHON: Final = (3, 11)
LITTLE_DISK: Final = 2 * 1024**3
TOO_LITTLE_DISK: Final = 256 * 1024**2
_LIBRARIES: Final = ("yungong", "fastapi", "sqlalchemy", "tantivy", "python-calamine")
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO

State = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's: `advice` says what to do, "" when all is well."""

    subject: str
    state: State
    said: str
    advice: str = ""


def python() -> Iterator[Finding]:
    """The interpreter that runs us."""
    found = platform.python_version()
    if sys.version_info >= OLDEST_PYTHON:
        yield Finding("Python", "ok", found)
    else:
        yield Finding("Python", "error", found, "请安装 Python 3.11 或更新的版本。")


def directory(data: Path) -> Iterator[Finding]:
    """The data directory: there, private, with room to grow."""
    if not data.is_dir():
        yield Finding("数据目录", "warning", f"{data} 还不存在", "第一次运行 yungong up 时会建立。")
        return
    yield _private("数据目录", data, "chmod 700")
    free = shutil.disk_usage(data).free
    said = f"剩余 {free / 1024**3:.1f} GiB"
    if free < TOO_LITTLE_DISK:
        yield Finding("磁盘", "error", said, "空间不够写入，请清理磁盘或换一个数据目录。")
    elif free < LITTLE_DISK:
        yield Finding("磁盘", "warning", said, "空间不多，请尽早清理。")
    else:
        yield Finding("磁盘", "ok", said)


def _private(subject: str, path: Path, mend: str) -> Finding:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & _OTHERS:
        return Finding(subject, "error", f"{path} 别的用户也能读（权限 {mode:o}）", f"运行：{mend} {path}")
    return Finding(subject, "ok", str(path))


def secrets(data: Path, key_file: Path) -> Iterator[Finding]:
    """The vault's key and the local credential: there, and for their owner alone."""
    if not data.is_dir():
        return
    for subject, path, loss in (
        ("密钥文件", key_file, "若目录里已有数据，请从备份恢复它，否则身份证号和电话无法解开；新目录会自动生成。"),
        ("本机凭证", data / "credential", "运行一次 yungong up 会自动生成。"),
    ):
        if path.is_file():
            yield _private(subject, path, "chmod 600")
        else:
            yield Finding(subject, "warning", f"没有 {path}", loss)


def port(data: Path, host: str, number: int) -> Iterator[Finding]:
    """Whether `up` could listen, unless a server of this directory does already."""
    if (holder := data_directory.holder(data)) is not None:
        yield Finding("端口", "ok", f"服务器正在运行（进程号 {holder}）")
        return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except OSError:
            yield Finding("端口", "error", f"{host}:{number} 被别的程序占用", "换一个端口：yungong up --port 8010")
        else:
            yield Finding("端口", "ok", f"{host}:{number} 可用")


def server(client: Client) -> Iterator[Finding]:
    """Whether the server answers, lets us in, and keeps up."""
    try:
        ready = client.readiness()
        troubles = {name: said for name, said in ready["components"].items() if said}
        if troubles:
            for name, said in troubles.items():
                state: State = "error" if ready["status"] == "unready" else "warning"
                yield Finding("服务器", state, f"{name}：{said}", "稍等再看；若一直如此，请看服务器日志。")
        else:
            yield Finding("服务器", "ok", f"{client.target.url} 运行正常")
        yield from _lag(progress.status(client))
    except Unreachable:
        yield Finding("服务器", "warning", f"{client.target.url} 没有回应", "运行 yungong up 启动它。")
    except Refused as refused:
        yield Finding("服务器", "error", str(refused), "请核对 --url、--data，或设置 YUNGONG_CREDENTIAL。")


def _lag(status: progress.Status) -> Iterator[Finding]:
    behind = sum(status["lag"].values())
    said = f"劳动力 {status['workers']}，岗位 {status['postings']}；待处理的变更 {behind}"
    yield Finding("检索进度", "warning" if behind else "ok", said, "正常情况下几秒内归零。" if behind else "")


def versions() -> Iterator[Finding]:
    """What we stand on."""
    known = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    yield Finding("版本", "ok", f"{known}, SQLite {sqlite3.sqlite_version}")
