"""Rate buckets: how long a call must wait so that no platform limit is passed.

Each bucket keeps the time at which it will be full again; a call reserves its place at once, so
waiting calls are served in the order of their coming, without polling.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bridge.protocol.adapter import Places
from bridge.protocol.capabilities import Bucket, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.protocol.adapter import Adapter
    from bridge.protocol.host import Clock
    from bridge.protocol.threads import ThreadKey

_FORGET_OVER = 20_000
"""Buckets kept; those that are full again are forgotten first."""


class Buckets:
    """All buckets of all channels."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._full_at: dict[tuple[str, str, str], float] = {}
        self._blocked_until: dict[tuple[str, str, str], float] = {}

    def reserve(self, adapter: Adapter, names: Iterable[str], thread: ThreadKey) -> float:
        """Take a token of each bucket; return how many seconds to wait before the call."""
        now = self._clock.monotonic()
        self._forget(now)
        waits = [
            self._take(key, bucket, now) for key, bucket in self._keyed(adapter, names, thread)
        ]
        return max(waits, default=0.0)

    def wait(self, adapter: Adapter, names: Iterable[str], thread: ThreadKey) -> float:
        """Return how long a call would have to wait now; takes nothing."""
        now = self._clock.monotonic()
        keyed = self._keyed(adapter, names, thread)
        return max((self._wait(key, bucket, now) for key, bucket in keyed), default=0.0)

    def left(self, adapter: Adapter, names: Iterable[str], thread: ThreadKey) -> float:
        """Return how many calls could be made at once; infinitely many without a limit."""
        now = self._clock.monotonic()
        keyed = self._keyed(adapter, names, thread)
        return min((self._left(key, bucket, now) for key, bucket in keyed), default=math.inf)

    def spare(self, adapter: Adapter, names: Iterable[str], thread: ThreadKey) -> bool:
        """Say whether every bucket has more than half of its tokens left."""
        now = self._clock.monotonic()
        return all(
            self._wait(key, bucket, now) <= 0 and self._left(key, bucket, now) > bucket.burst / 2
            for key, bucket in self._keyed(adapter, names, thread)
        )

    def free(self, adapter: Adapter, names: Iterable[str], thread: ThreadKey) -> bool:
        """Say whether a call could be made at once."""
        return self.wait(adapter, names, thread) <= 0

    def block(self, adapter: Adapter, name: str, thread: ThreadKey, seconds: float) -> None:
        """The platform says: nothing of this bucket for so long."""
        until = self._clock.monotonic() + seconds
        for key, _ in self._keyed(adapter, (name,), thread):
            self._blocked_until[key] = max(until, self._blocked_until.get(key, 0.0))

    def _keyed(
        self, adapter: Adapter, names: Iterable[str], thread: ThreadKey
    ) -> list[tuple[tuple[str, str, str], Bucket]]:
        capabilities = adapter.capabilities
        return [
            ((capabilities.channel, name, _scope(adapter, bucket, thread)), bucket)
            for name in names
            if (bucket := capabilities.buckets.get(name)) is not None and bucket.rate > 0
        ]

    def _wait(self, key: tuple[str, str, str], bucket: Bucket, now: float) -> float:
        slack = (bucket.burst - 1) / bucket.rate
        by_tokens = self._full_at.get(key, now) - slack - now
        return max(0.0, by_tokens, self._blocked_until.get(key, 0.0) - now)

    def _left(self, key: tuple[str, str, str], bucket: Bucket, now: float) -> float:
        """Return the tokens of one bucket: never more than its burst, however long it rested."""
        missing = max(0.0, self._full_at.get(key, now) - now)
        return bucket.burst - missing * bucket.rate

    def _take(self, key: tuple[str, str, str], bucket: Bucket, now: float) -> float:
        wait = self._wait(key, bucket, now)
        start = max(self._full_at.get(key, now), self._blocked_until.get(key, 0.0), now)
        self._full_at[key] = start + 1 / bucket.rate
        return wait

    def _forget(self, now: float) -> None:
        if len(self._full_at) <= _FORGET_OVER:
            return
        self._full_at = {key: at for key, at in self._full_at.items() if at > now}
        self._blocked_until = {key: at for key, at in self._blocked_until.items() if at > now}


def _scope(adapter: Adapter, bucket: Bucket, thread: ThreadKey) -> str:
    match bucket.scope:
        case Scope.CHANNEL:
            return ""
        case Scope.PLACE:
            return adapter.place(thread) if isinstance(adapter, Places) else thread
        case Scope.THREAD:
            return thread
