"""Posts updates to the bot's webhook: in order within a queue, again until it answers 2xx.

Source: github.com/tdlib/telegram-bot-api, WebhookActor.cpp. After a failure the next try comes at
once, then after 2, 4, 8 ... 60 seconds, or after what `Retry-After` says (an hour at most). Each
queue has one update under way; messages queue by chat, taps by person.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from adapters.telegram.miniature.reading import Body
    from adapters.telegram.miniature.updates import Update, Updates

HEADER = "X-Telegram-Bot-Api-Secret-Token"
ANSWER_TIME = 60.0
"""Seconds for which an answer is waited for."""
LONGEST_REST, LONGEST_WISH = 60.0, 3600.0
"""Seconds between tries: the server's choice lies between 60 and 120; and what a bot may ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """Where a bot wants its updates."""

    url: str
    secret: str = ""
    connections: int = 40


class Postman:
    """Delivers while a webhook is set; `rest(seconds)` waits between tries."""

    def __init__(
        self,
        updates: Updates,
        clock: Callable[[], float],
        rest: Callable[[float], Awaitable[None]],
    ) -> None:
        self.hook: Hook | None = None
        self.tries = 0
        self.last_error: tuple[int, str] | None = None
        self._updates = updates
        self._clock = clock
        self._rest = rest
        self._session: aiohttp.ClientSession | None = None
        self._queues: defaultdict[str, deque[Update]] = defaultdict(deque)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._lines = asyncio.Semaphore(1)

    async def set(self, hook: Hook | None) -> None:
        """Deliver to this webhook from now on, also what waits; None ends it."""
        await self.close()
        self.hook, self.last_error = hook, None
        if hook is not None:
            self._lines = asyncio.Semaphore(hook.connections)
            self._updates.divert(self._post)

    async def close(self) -> None:
        """Stop delivering; what is not taken waits on."""
        self._updates.divert(None)
        tasks = list(self._tasks.values())
        self._tasks.clear()
        self._queues.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def info(self) -> Body:
        """Return what getWebhookInfo answers."""
        body: Body = {
            "url": self.hook.url if self.hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.waiting),
        }
        if self.hook is not None:
            body |= {"max_connections": self.hook.connections, "ip_address": "127.0.0.1"}
        if self.last_error is not None:
            body["last_error_date"], body["last_error_message"] = self.last_error
        if self._updates.allowed:
            body["allowed_updates"] = sorted(self._updates.allowed)
        return body

    def _post(self, update: Update) -> None:
        self._queues[update.queue].append(update)
        if update.queue not in self._tasks:
            task = asyncio.create_task(self._deliver(update.queue))
            self._tasks[update.queue] = task

    async def _deliver(self, queue: str) -> None:
        waiting = self._queues[queue]
        while waiting:
            await self._settle(waiting[0])
            waiting.popleft()
        del self._tasks[queue], self._queues[queue]

    async def _settle(self, update: Update) -> None:
        """Try until the update is taken, or too old for another try."""
        pause = 0.0
        while self._clock() < update.expires_at:
            async with self._lines:
                wish = await self._try(update)
            if wish is None:
                self._updates.settle(update.id)
                return
            rest = min(wish, LONGEST_WISH) if wish else pause
            pause = min(2 * pause or 2.0, LONGEST_REST)
            if self._clock() + rest >= update.expires_at:
                break
            if rest:
                await self._rest(rest)
        self._updates.drop(update)

    async def _try(self, update: Update) -> float | None:
        """Post once; return None where it was taken, else the seconds that were asked for."""
        assert self.hook is not None, "there is no webhook"
        self.tries += 1
        headers = {"Content-Type": "application/json"}
        if self.hook.secret:
            headers[HEADER] = self.hook.secret
        try:
            async with self._open().post(
                self.hook.url, data=update.text.encode(), headers=headers, allow_redirects=False
            ) as response:
                return self._judge(response)
        except aiohttp.ClientConnectorError:
            return self._failed("Connection refused")
        except TimeoutError:
            return self._failed("Read timeout expired")
        except (aiohttp.ClientError, OSError):
            return self._failed("Connection was closed")

    def _judge(self, response: aiohttp.ClientResponse) -> float | None:
        if response.ok and response.status < 300:  # noqa: PLR2004 - HTTP: 2xx
            return None
        self._failed(f"Wrong response from the webhook: {response.status} {response.reason}")
        wish = response.headers.get("Retry-After", "")
        return float(wish) if wish.isdecimal() else 0.0

    def _failed(self, reason: str) -> float:
        self.last_error = (int(self._clock()), reason)
        return 0.0

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                timeout=aiohttp.ClientTimeout(total=ANSWER_TIME),
            )
        return self._session
