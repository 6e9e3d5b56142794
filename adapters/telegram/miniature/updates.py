"""What waits for the bot, until the bot has taken it; getUpdates.

Sources: core.telegram.org/bots/api#getupdates; for lifetimes, queues and conflicts the server's
code (github.com/tdlib/telegram-bot-api, Client.cpp).
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from adapters.telegram.miniature.reading import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from adapters.telegram.miniature.reading import Body

MESSAGE_LIFE, TAP_LIFE = 86_400.0, 150.0
"""Seconds for which messages and taps are kept (Client.cpp)."""
LONGEST_POLL = 50
"""Seconds for which getUpdates waits at most (Client.h)."""
MOST = 100
"""Updates in one answer."""
_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

_SECOND = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is"
    " running"
)
_HOOKED = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete"
    " the webhook first"
)
_UNHOOKED = "Conflict: terminated by setWebhook request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One update as it will be sent, the queue that it stands in, and whether it was taken."""

    id: int
    text: str
    queue: str
    expires_at: float
    settled: asyncio.Event = field(default_factory=asyncio.Event)


class Updates:
    """All that waits; `dropped` holds what was too old before the bot took it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.waiting: dict[int, Update] = {}
        self.dropped: list[Update] = []
        self.allowed: frozenset[str] = frozenset()
        self._hook: Callable[[Update], None] | None = None
        self._clock = clock
        self._last = 800_000
        self._poll: asyncio.Future[None] | None = None

    def add(self, kind: str, body: Body, queue: str, life: float = MESSAGE_LIFE) -> Update | None:
        """Let an update wait; None where the bot has not asked for this kind."""
        if not (kind in self.allowed if self.allowed else kind not in _NOT_BY_DEFAULT):
            return None
        self._last += 1
        text = json.dumps({"update_id": self._last, kind: body})
        expires_at = self._clock() + life
        update = Update(id=self._last, text=text, queue=queue, expires_at=expires_at)
        self.waiting[update.id] = update
        if self._hook is not None:
            self._hook(update)
        elif self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        return update

    def allow(self, kinds: Iterable[object] | None) -> None:
        """Take only these kinds from now on; None changes nothing, no kinds means the usual."""
        if kinds is not None:
            self.allowed = frozenset(str(kind) for kind in kinds)

    def settle(self, id_: int) -> None:
        """Forget an update that was taken."""
        update = self.waiting.pop(id_, None)
        if update is not None:
            update.settled.set()

    def drop(self, update: Update) -> None:
        """Forget an update that is too old."""
        self.dropped.append(update)
        self.settle(update.id)

    def drop_all(self) -> None:
        """Forget everything (drop_pending_updates)."""
        for update in list(self.waiting.values()):
            self.drop(update)

    def close(self, refused: Refused) -> None:
        """End the poll that waits."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(refused)
        self._poll = None

    def divert(self, hook: Callable[[Update], None] | None) -> None:
        """Give all that waits, and all that comes, to a webhook; None: let it wait for polls."""
        self._hook = hook
        if hook is not None:
            self.close(Refused(409, _UNHOOKED))
            for update in list(self.waiting.values()):
                hook(update)

    async def poll(self, offset: int, limit: int, seconds: float) -> str:
        """Return a JSON array of what waits, once there is something or after these seconds.

        All before `offset` is taken; a negative one forgets all but the last. A newer poll ends
        this one. Raises `Refused`.
        """
        if self._hook is not None:
            raise Refused(409, _HOOKED)
        self.close(Refused(409, _SECOND))
        self._confirm(offset)
        found = self._fresh(limit)
        if not found and seconds > 0:
            await self._wait(min(seconds, LONGEST_POLL))
            found = self._fresh(limit)
        return "[" + ",".join(update.text for update in found) + "]"

    async def _wait(self, seconds: float) -> None:
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await poll
        except TimeoutError:
            pass
        finally:
            if self._poll is poll:
                self._poll = None

    def _confirm(self, offset: int) -> None:
        ids = list(self.waiting)
        first = offset if offset >= 0 else (ids[offset:] or [0])[0]
        for id_ in ids:
            if id_ >= first:
                return
            self.settle(id_)

    def _fresh(self, limit: int) -> list[Update]:
        now = self._clock()
        found: list[Update] = []
        for update in list(self.waiting.values()):
            if update.expires_at <= now:
                self.drop(update)
            else:
                found.append(update)
            if len(found) == limit:
                break
        return found
