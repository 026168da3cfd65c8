"""One database per service, by URL: SQLite in one file, or PostgreSQL. The law is in port.py."""

from services.kernel.store.migration import migrate
from services.kernel.store.opening import open_store
from services.kernel.store.port import Lock, Store, StoreUnavailable

__all__ = ["Lock", "Store", "StoreUnavailable", "migrate", "open_store"]
