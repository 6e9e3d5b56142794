"""Turns begin evenly, however many could begin at once.

Law: in one beat at most so many turns begin, and a beat lasts at least one turn of the event loop.
So a crowd of turns never keeps the loop from what has to be quick: taking what platforms send
(their 2xx waits for it), and answering taps. A loop that is late begins fewer turns, texts that
come meanwhile travel together, and there is less to do. Those who wait are served in their order;
a conversation waits for one turn at a time, so that is fair.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.protocol.host import Clock

BEAT = 0.002
"""Seconds; our own. Two of an event loop's usual ticks."""
MOST = 32
"""Turns of one beat: 16,000 a second, which is more than one process can do."""


class Pace:
    """Beats only while turns begin or wait."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._left = MOST
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._beating: asyncio.Task[None] | None = None

    @property
    def free(self) -> bool:
        """Whether a turn may begin now."""
        return self._left > 0 and not self._waiting

    def take(self) -> None:
        """Begin a turn; only when `free`."""
        self._left -= 1
        self._beat()

    async def turn(self) -> None:
        """Begin a turn, after those who were here before."""
        if self.free:
            self.take()
            return
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        self._beat()
        await mine

    def _beat(self) -> None:
        if self._beating is None:
            self._beating = asyncio.create_task(self._serve(), name="upstream-pace")

    async def _serve(self) -> None:
        while self._waiting or self._left < MOST:
            await self._clock.sleep(BEAT)
            self._left = MOST
            while self._waiting and self._left:
                one = self._waiting.popleft()
                if not one.done():  # else it was cancelled
                    one.set_result(None)
                    self._left -= 1
        self._beating = None
