"""Asks Telegram for updates, again and again.

Laws: the offset, which tells Telegram that updates have arrived, moves only after their events are
committed; one update that can't be read drops no other; what keeps updates from coming is said, and
said again when it is over. Telegram gives updates to one asker only: a second one is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.error import Conflict, InvalidToken

from adapters.telegram.incoming.intake import read
from adapters.telegram.limits import POLL_SECONDS
from adapters.telegram.network.failures import TOKEN_PAUSE, kind_of
from adapters.telegram.network.request import Throttled
from adapters.telegram.transport import TOKEN_REFUSED
from bridge.protocol.errors import NotKept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adapters.telegram.incoming.intake import Parse
    from adapters.telegram.transport import Client
    from bridge.protocol.events import AnyEvent
    from bridge.protocol.host import Host
    from bridge.protocol.threads import JsonObject

LONGEST_PAUSE = 30.0
SHORTEST_POLL = 0.2
"""Seconds: a server that answers an empty poll sooner than this is asked no faster."""

SECOND_POLLER = (
    "Another program polls with this bot's token, and takes messages from us: stop it, or give one"
    " of them a bot of its own."
)
WEBHOOK_SET = (
    "A webhook has been set for this bot, so that it can't be polled: run"
    " `threadform telegram webhook delete`, or set TELEGRAM_MODE=webhook."
)
UNREACHABLE = "Telegram can't be reached ({kind}): look at the network, and at TELEGRAM_API_URL."


async def poll(client: Client, host: Host, parse: Parse) -> None:
    """Accept what comes, until cancelled."""
    async with host.lead("poll"):
        await _Poller(client, host, parse).run()


class _Poller:
    """Where we are: the offset, and how many tries in a row have failed."""

    def __init__(self, client: Client, host: Host, parse: Parse) -> None:
        self._client = client
        self._host = host
        self._parse = parse
        self._offset = 0
        self._failures = 0

    async def run(self) -> None:
        while True:
            began = self._host.clock.monotonic()
            batch = await self._next()
            if batch:
                await self._take(batch)
            elif batch is not None:
                spent = self._host.clock.monotonic() - began
                await self._host.clock.sleep(max(0.0, SHORTEST_POLL - spent))

    async def _next(self) -> Sequence[JsonObject] | None:
        """Return the next batch; None where it failed, after a pause.

        After a failure nothing is waited for, so that it is known at once when it works again.
        """
        try:
            batch = await self._client.bot.updates(
                self._offset, 0 if self._failures else POLL_SECONDS
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, the next try may work
            self._failures += 1
            self._tell(error)
            await self._host.clock.sleep(pause_after(error, self._failures))
            return None
        self._failures = 0
        self._host.trouble("")
        return batch

    def _tell(self, error: Exception) -> None:
        """Say what is wrong; a single broken connection is nothing to speak of."""
        if self._failures > 1 or isinstance(error, Conflict | InvalidToken):
            self._host.trouble(trouble_of(error))

    async def _take(self, batch: Sequence[JsonObject]) -> None:
        """Have the batch kept, as often as it takes, and only then move on."""
        await self._keep(read(batch, self._parse))
        numbers = [update.get("update_id") for update in batch]
        known = [number for number in numbers if isinstance(number, int)]
        if not known:  # it would come again at once, for ever
            await self._host.clock.sleep(LONGEST_PAUSE)
            return
        self._offset = max(known) + 1

    async def _keep(self, events: tuple[AnyEvent, ...]) -> None:
        pause = 1.0
        while events:
            try:
                await self._host.accept(events)
            except NotKept:
                await self._host.clock.sleep(pause)
                pause = min(LONGEST_PAUSE, pause * 2)
            else:
                return


def pause_after(error: Exception, failures: int) -> float:
    """Return how long to wait after so many failures in a row, in seconds."""
    match error:
        case Throttled() if error.after is not None:
            return error.after
        case InvalidToken():
            return TOKEN_PAUSE
        case _:
            return min(LONGEST_PAUSE, 2.0 ** min(failures - 1, 10))


def trouble_of(error: Exception) -> str:
    """Return what keeps us from working, and what to do about it; no foreign text in it."""
    match error:
        case Conflict():
            return WEBHOOK_SET if "webhook" in error.message else SECOND_POLLER
        case InvalidToken():
            return TOKEN_REFUSED
        case _:
            return UNREACHABLE.format(kind=kind_of(error))
