"""Background work that must not end: relays and the indexer. What crashes is logged, started again, and shown by /readyz."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Self

import structlog

from services.kernel.pauses import Backoff, occurs

Trouble = Callable[[], str]
"""What keeps a work from getting on while it runs ("backend: what is wrong", English, for the log); "" when well."""

Work = Callable[[asyncio.Event], Awaitable[None]]
"""Runs until the event is set, then comes to an orderly end."""

FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 30.0
GRACE_S: Final = 3.0

_WAITS: Final = "正在等待所依赖的服务恢复（原因见日志）"

_log = structlog.get_logger(__name__)


class Supervisor:
    """Keeps named works running while its context is open; leaving it stops them, within `grace_s` seconds.

    `troubles`: of the works that can tell, what keeps them.
    """

    def __init__(
        self,
        works: Mapping[str, Work],
        troubles: Mapping[str, Trouble] | None = None,
        *,
        first_pause_s: float = FIRST_PAUSE_S,
        grace_s: float = GRACE_S,
    ) -> None:
        self._works = works
        self._told = troubles or {}
        self._first_pause_s = first_pause_s
        self._grace_s = grace_s
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._troubles = dict.fromkeys(works, "")

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._keep(name, work), name=name) for name, work in self._works.items()]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        if not self._tasks:
            return
        _done, late = await asyncio.wait(self._tasks, timeout=self._grace_s)
        for task in late:
            _log.warning("background work did not stop in time", work=task.get_name())
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def ready(self) -> Mapping[str, str]:
        """Work → "" while it gets on, else what happened to it or what it waits for (Chinese)."""
        waits = {name: _WAITS if told() else "" for name, told in self._told.items()}
        return {name: trouble or waits.get(name, "") for name, trouble in self._troubles.items()}

    async def _keep(self, name: str, work: Work) -> None:
        backoff = Backoff(self._first_pause_s, LONGEST_PAUSE_S)
        loop = asyncio.get_running_loop()
        while not self._stop.is_set():
            started = loop.time()
            try:
                await work(self._stop)
                trouble = "意外结束"
            except Exception as crash:  # whatever ends it, it is logged, shown and started again
                _log.exception("background work crashed", work=name)
                trouble = f"出错（{type(crash).__name__}）"
            if self._stop.is_set():
                return
            if loop.time() - started > LONGEST_PAUSE_S:
                backoff.reset()
            self._troubles[name] = f"{trouble}，稍后自动重新启动"
            await occurs(self._stop, backoff.next_pause_s())
            self._troubles[name] = ""
