"""Time and ids: the only importers of the real clock and of chance."""

from __future__ import annotations

import asyncio
import secrets
import time

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_TIME_DIGITS, _COUNT_DIGITS, _CHANCE_DIGITS = 9, 3, 8


class SystemClock:
    """The machine's time."""

    def now(self) -> float:
        """Return seconds since the epoch, UTC."""
        return time.time()

    def monotonic(self) -> float:
        """Return seconds that never jump."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(max(0.0, seconds))


class SystemIds:
    """Ids of 20 characters: milliseconds, a counter, and 40 bits of chance.

    Ids of one process sort in the order in which they were made, also when the clock steps back.
    """

    def __init__(self) -> None:
        self._last = 0

    def new(self) -> str:
        """Return a new id."""
        stamp = int(time.time() * 1000) << 15
        self._last = max(self._last + 1, stamp)
        chance = secrets.randbits(_CHANCE_DIGITS * 5)
        return _digits(self._last, _TIME_DIGITS + _COUNT_DIGITS) + _digits(chance, _CHANCE_DIGITS)


def _digits(number: int, width: int) -> str:
    return "".join(_DIGITS[(number >> (5 * place)) & 31] for place in reversed(range(width)))
