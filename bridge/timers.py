"""Durable timers: what a conversation is owed later (the checkout link, the payment, its expiry).

The rows are the truth; this is the clock beside them.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.conversation.messages import Due, TimerKind
from bridge.logs import logger
from bridge.store import reads
from bridge.store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.parts import Parts
    from bridge.store.reads import StoredTimer

_LONGEST_SLEEP = 60.0
"""Seconds: a clock that was set forward is noticed at the latest then."""

_PAUSE = 2.0
"""Seconds before a timer rings again whose conversation could not be read."""

_log = logger(__name__)


class Timers:
    """Rings by posting `Due` to the thread's mailbox."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._set: dict[tuple[str, TimerKind], StoredTimer] = {}
        self._heap: list[tuple[float, int, StoredTimer]] = []
        self._count = itertools.count()
        self._wake = asyncio.Event()

    def put(self, timers: Iterable[StoredTimer]) -> None:
        """Ring at these times; their rows are committed."""
        for timer in timers:
            self._set[timer.conversation, timer.kind] = timer
            heapq.heappush(self._heap, (timer.due_at, next(self._count), timer))
        self._wake.set()

    def end(self, conversation: str, kind: TimerKind) -> None:
        """Don't ring."""
        self._set.pop((conversation, kind), None)

    def drop(self, thread: str) -> None:
        """Don't ring for this thread any more."""
        self._set = {key: timer for key, timer in self._set.items() if timer.thread != thread}

    def owes(self, thread: str) -> bool:
        """Say whether a link of this thread is asked for right now, for the first time."""
        return any(
            timer.thread == thread and timer.kind is TimerKind.CHECKOUT and timer.attempt == 0
            for timer in self._set.values()
        )

    @property
    def links_owed(self) -> int:
        """How many checkout links are still owed."""
        return sum(kind is TimerKind.CHECKOUT for _, kind in self._set)

    async def run(self) -> None:
        """Ring until cancelled."""
        while True:
            self._wake.clear()
            while self._heap and self._heap[0][0] <= self._parts.clock.now():
                timer = heapq.heappop(self._heap)[2]
                if self._set.get((timer.conversation, timer.kind)) is timer:
                    await self._ring(timer)
            next_at = self._heap[0][0] if self._heap else math.inf
            await self._rest(min(next_at - self._parts.clock.now(), _LONGEST_SLEEP))

    async def _rest(self, pause: float) -> None:
        sleeping = asyncio.ensure_future(self._parts.clock.sleep(pause))
        waking = asyncio.ensure_future(self._wake.wait())
        try:
            await asyncio.wait({sleeping, waking}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            waking.cancel()

    async def _ring(self, timer: StoredTimer) -> None:
        try:
            about = await reads.conversation_by_id(self._parts.database, timer.conversation)
        except StoreError as error:
            _log.error("timer not rung", cause=error, kind=timer.kind.value)
            self.put((replace(timer, due_at=self._parts.clock.now() + _PAUSE),))
            return
        if about is None:
            self.end(timer.conversation, timer.kind)
            return
        self._parts.post(timer.thread, Due(about, timer.kind, timer.attempt))
