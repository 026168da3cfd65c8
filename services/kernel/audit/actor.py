"""Who acts in the work under way: carried in the context like the trace, so that no command hands it through."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


class NobodyActs(Exception):
    """Something is to be audited and nobody is known to act: the change must not happen (fails closed)."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts. `id` and `kind` are the principal's, or name the process; `scope` is what it may reach, in short;
    `request_id` ties together all that one request, or one import, did."""

    id: str
    kind: str
    scope: str = ""
    request_id: str = ""


_present: ContextVar[Actor | None] = ContextVar("actor", default=None)


def present() -> Actor:
    """Who acts. Raises NobodyActs."""
    actor = _present.get()
    if actor is None:
        raise NobodyActs()
    return actor


def admit(actor: Actor) -> None:
    """From here on, within the surrounding `acting`, this one acts."""
    _present.set(actor)


@contextmanager
def acting(actor: Actor | None) -> Iterator[None]:
    """Work in which `actor` acts; None: nobody, until somebody is admitted."""
    token = _present.set(actor)
    try:
        yield
    finally:
        _present.reset(token)
