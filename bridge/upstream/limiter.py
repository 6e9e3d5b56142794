"""The upstream's requests a minute, shared fairly.

Law: in no 60 seconds (half-open) are more than `rate_per_minute` permits granted; those who wait
are served round robin by key, and first come, first served within one key. A waiter who is
cancelled takes no permit with it. Time comes from the clock alone. With a `pace`, permits are given
out evenly besides.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.protocol.host import Clock
    from bridge.upstream.pacing import Pace

WINDOW = 60.0
"""Seconds. Source: 200 requests a minute per app instance (rate limits, an older page)."""

_NOBODY: deque[asyncio.Future[float]] = deque(maxlen=0)


class Limiter:
    """Permits for requests to the upstream; 0 a minute: no limit."""

    def __init__(self, rate_per_minute: int, clock: Clock, pace: Pace | None = None) -> None:
        self._rate = rate_per_minute
        self._clock = clock
        self._pace = pace
        self._granted: deque[float] = deque()
        self._waiting: OrderedDict[str, deque[asyncio.Future[float]]] = OrderedDict()
        self._pump: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many wait for a permit."""
        return sum(len(queue) for queue in self._waiting.values())

    def try_acquire(self, who: str) -> bool:  # noqa: ARG002 - the same shape as acquire
        """Take a permit if there is one and nobody waits."""
        if self._pace is not None and not self._pace.free:
            return False
        taken = self._taken()
        if taken and self._pace is not None:
            self._pace.take()
        return taken

    async def acquire(self, who: str) -> None:
        """Take a permit, after those who were here before."""
        if self._pace is not None:
            await self._pace.turn()
        if self._taken():
            return
        permit = self._queue(who)
        try:
            await permit
        except asyncio.CancelledError:
            self._leave(who, permit)
            raise

    def _taken(self) -> bool:
        """Take one of this minute's permits if there is one and nobody waits."""
        if not self._rate:
            return True
        if self._waiting or not self._has_room():
            return False
        self._grant()
        return True

    def _queue(self, who: str) -> asyncio.Future[float]:
        permit: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(who, deque()).append(permit)
        if self._pump is None:
            self._pump = asyncio.create_task(self._serve(), name="upstream-limiter")
        return permit

    def _leave(self, who: str, permit: asyncio.Future[float]) -> None:
        """Forget a waiter; a permit that it was given while it left goes to the next."""
        if permit.done() and not permit.cancelled():
            self._granted.remove(permit.result())
            self._serve_now()
        elif permit in (queue := self._waiting.get(who, _NOBODY)):
            queue.remove(permit)
            if not queue:
                del self._waiting[who]
        if not self._waiting and self._pump:
            self._pump.cancel()
            self._pump = None

    async def _serve(self) -> None:
        """Serve until nobody waits."""
        self._serve_now()
        while self._waiting:
            await self._clock.sleep(self._granted[0] + WINDOW - self._clock.monotonic())
            self._serve_now()
        self._pump = None

    def _serve_now(self) -> None:
        while self._waiting and self._has_room():
            who, queue = self._waiting.popitem(last=False)
            permit = queue.popleft()
            if queue:
                self._waiting[who] = queue
            if not permit.done():
                permit.set_result(self._grant())

    def _has_room(self) -> bool:
        now = self._clock.monotonic()
        while self._granted and self._granted[0] + WINDOW <= now:
            self._granted.popleft()
        return len(self._granted) < self._rate

    def _grant(self) -> float:
        now = self._clock.monotonic()
        self._granted.append(now)
        return now
