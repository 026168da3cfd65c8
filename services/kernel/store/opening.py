"""From a URL to a store."""

from sqlalchemy.engine import make_url

from services.kernel.store.port import Store
from services.kernel.store.postgres import PostgresStore
from services.kernel.store.sqlite import SqliteStore


def open_store(url: str) -> Store:
    """A store for `sqlite+aiosqlite:///path` (the file is made when first written) or `postgresql+asyncpg://user:password@host/name`.

    Opens no connection yet, so that a service can start while its database is down. Raises ValueError for another scheme.
    """
    scheme = make_url(url).drivername
    if scheme == "sqlite+aiosqlite":
        return SqliteStore(url)
    if scheme == "postgresql+asyncpg":
        return PostgresStore(url)
    raise ValueError(f"no store for the scheme {scheme!r}: sqlite+aiosqlite and postgresql+asyncpg are known")
