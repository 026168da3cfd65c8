"""The databases, bus and index of the settings, as commands reach them directly."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from services.cli import data_directory
from services.cli.console import CannotContinue
from services.kernel.settings import Settings
from services.kernel.urls import SCHEME

_SERVICES: Final = Path(__file__).parents[1]


class Owner(StrEnum):
    """The services that own a database."""

    WORKERS = "workers"
    JOBS = "jobs"
    ACCESS = "access"


class Recorder(StrEnum):
    """The owners that keep records of people and jobs under the vault's masters, and tell their changes to the bus."""

    WORKERS = "workers"
    JOBS = "jobs"


@dataclass(frozen=True, slots=True)
class Database:
    """Where a service's database is, and where its revisions lie."""

    url: Callable[[Settings], str]
    migrations: Path


DATABASES: Final[Mapping[Owner, Database]] = {
    Owner.WORKERS: Database(lambda settings: settings.workers_store_url, _SERVICES / "workers" / "migrations"),
    Owner.ACCESS: Database(lambda settings: settings.access_store_url, _SERVICES / "access" / "migrations"),
    Owner.JOBS: Database(lambda settings: settings.jobs_store_url, _SERVICES / "jobs" / "migrations"),
}


@contextmanager
def alone(settings: Settings, *urls: str) -> Iterator[None]:
    """With embedded backends among `urls`: keep the data directory for this process. Raises CannotContinue."""
    if not any(url.startswith(SCHEME) for url in urls):
        yield
        return
    try:
        with data_directory.locked(settings.data):
            yield
    except data_directory.DataDirectoryInUse as refused:
        said = "内置的消息通道和索引一次只能由一个进程使用；分开部署请设置 YUNGONG_BUS_URL 和 YUNGONG_INDEX_URL。"
        raise CannotContinue(f"{refused}{said}") from refused


async def require_tables(settings: Settings, owner: Owner) -> None:
    """Raises CannotContinue unless the service's database answers and has the tables of this code."""
    from services.kernel.store import StoreUnavailable  # noqa: PLC0415 - a second of imports
    from services.kernel.store.revision import WrongRevision, require_newest  # noqa: PLC0415

    database = DATABASES[owner]
    try:
        await require_newest(database.url(settings), database.migrations)
    except WrongRevision as wrong:
        raise CannotContinue(
            f"{owner} 的数据库不是这个版本的表结构（现在是 {wrong.found or '空的'}，需要 {wrong.wanted}）。"
            f"请先运行 yungong migrate {owner}；若数据库已属于更新的版本，请升级程序。"
        ) from wrong
    except StoreUnavailable as away:
        raise CannotContinue(f"{owner} 的数据库连不上（{away}）。") from away
