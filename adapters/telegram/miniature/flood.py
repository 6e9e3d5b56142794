"""How much Telegram takes: sends and edits per chat, per group and in all. No I/O.

Documented (core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this): about one
message a second in a chat, short bursts allowed; 20 a minute in a group; 30 a second in all. That
edits count as sends, and that typing and answers to taps do not, is experience, not documentation.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from adapters.telegram.miniature.reading import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `count` sends in any `seconds`."""

    count: int
    seconds: float


@dataclass(slots=True)
class Flood:
    """Counts and refuses; `penalties` is how often it had to.

    A private chat may be `burst` sends ahead of one a second.
    """

    burst: int = 4
    group: Limit = field(default_factory=lambda: Limit(count=20, seconds=60.0))
    whole: Limit = field(default_factory=lambda: Limit(count=30, seconds=1.0))
    penalties: int = 0
    _sent: defaultdict[int, deque[float]] = field(
        default_factory=lambda: defaultdict[int, deque[float]](deque)
    )
    _paid: dict[int, float] = field(default_factory=dict[int, float])
    _until: dict[int, float] = field(default_factory=dict[int, float])

    def take(self, chat: int, now: float) -> None:
        """Count one send; raises `Refused` with the seconds to wait, and holds to them."""
        of_chat = self._ahead(chat, now) if chat > 0 else self._wait(chat, self.group, now)
        wait = max(self._wait(0, self.whole, now), of_chat, self._until.get(chat, 0.0) - now)
        if wait > 0:
            self.penalties += 1
            self._until[chat] = now + wait
            raise too_many(math.ceil(wait))
        self._sent[0].append(now)
        if chat < 0:
            self._sent[chat].append(now)
        else:
            self._paid[chat] = max(self._paid.get(chat, 0.0), now) + 1.0

    def _ahead(self, chat: int, now: float) -> float:
        """Return the seconds until a private chat takes another one."""
        return max(self._paid.get(chat, 0.0), now) + 1.0 - self.burst - now

    def _wait(self, key: int, limit: Limit, now: float) -> float:
        """Return the seconds until the window has room."""
        sent = self._sent[key]
        while sent and sent[0] <= now - limit.seconds:
            sent.popleft()
        return sent[0] + limit.seconds - now if len(sent) >= limit.count else 0.0


def too_many(seconds: int) -> Refused:
    """Return the refusal of a send too many."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
