"""Clocks of stories: one that hurries, so that pauses are short; one that can be set forward."""

from __future__ import annotations

import asyncio
import time


class Hurrying:
    """Everything lasts a fraction of its time, for the bridge and the sandbox alike."""

    def __init__(self, factor: float = 20.0) -> None:
        self._factor = factor
        self._start = time.time()

    def now(self) -> float:
        """Return seconds since the epoch, as they would be."""
        return self._start + self._factor * (time.time() - self._start)

    def monotonic(self) -> float:
        """Return seconds that never jump."""
        return self._factor * time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait, for a fraction of it."""
        await asyncio.sleep(max(0.0, seconds) / self._factor)


class Settable:
    """The machine's time, and as much more as was added."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        """Return seconds since the epoch."""
        return time.time() + self.ahead

    def monotonic(self) -> float:
        """Return seconds that never jump back."""
        return time.monotonic() + self.ahead

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(max(0.0, seconds))
