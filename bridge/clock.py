"""Time and ids: the only importers of the real clock and of chance."""

from __future__ import annotations

import asyncio
import random
import secrets
import time

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [high + low for high in _DIGITS for low in _DIGITS]
_PAIR_BITS = 10
_ORDER_PAIRS, _CHANCE_PAIRS = 6, 4


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
        # They are names, no secrets: it is enough that two processes don't make the same.
        self._chance = random.Random(secrets.randbits(128))  # noqa: S311

    def new(self) -> str:
        """Return a new id."""
        stamp = int(time.time() * 1000) << 15
        self._last = max(self._last + 1, stamp)
        chance = self._chance.getrandbits(_CHANCE_PAIRS * _PAIR_BITS)
        return _digits(self._last, _ORDER_PAIRS) + _digits(chance, _CHANCE_PAIRS)


def _digits(number: int, pairs: int) -> str:
    return "".join(
        [_PAIRS[(number >> (_PAIR_BITS * place)) & 1023] for place in range(pairs - 1, -1, -1)]
    )
