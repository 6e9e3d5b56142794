"""The Bot API in miniature, and many persons with a Telegram app each.

    standin = TelegramStandIn()
    settings = await standin.start("http://127.0.0.1:8000")
    await standin.type("hello", person="ada")
    await standin.tap("Chocolate", person="ada")
    screen = await standin.until(lambda seen: "paid" in seen.messages[-1].text, person="ada")

Every deed takes `group` (a name; without it, the person's private chat) and `topic` (a number),
and returns when the bot has taken it: its next getUpdates has passed it, or its webhook has
answered 2xx. In a group the bot hears of what privacy mode lets through; the rest returns at once.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from adapters.telegram.miniature import screens
from adapters.telegram.miniature.acting import Acting, Place
from adapters.telegram.miniature.api import Api
from adapters.telegram.miniature.chats import Chat, Standing, World
from adapters.telegram.miniature.flood import Flood
from adapters.telegram.miniature.reading import Refused
from adapters.telegram.miniature.receiving import Receiving
from adapters.telegram.miniature.server import Server
from adapters.telegram.miniature.typed import content, parts
from adapters.telegram.miniature.updates import Updates
from adapters.telegram.miniature.weather import Failure, Fault, Request
from adapters.telegram.miniature.webhook import Postman

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from adapters.telegram.miniature.reading import Body
    from adapters.telegram.miniature.updates import Update
    from bridge.protocol.standin import Screen

__all__ = ["BOT", "TOKEN", "USERNAME", "Failure", "Fault", "Request", "TelegramStandIn"]

BOT = 700700700
TOKEN = f"{BOT}:AA-not-a-secret-of-any-real-bot-000"
USERNAME = "threadform_bot"
_NO_RATES = {
    "TELEGRAM_RATE_PER_SECOND": "0",
    "TELEGRAM_CHAT_RATE_PER_SECOND": "0",
    "TELEGRAM_GROUP_RATE_PER_MINUTE": "0",
}


class TelegramStandIn:
    """All of Telegram, as far as the bridge can see it.

    * `mode`: `polling` or `webhook`, for the environment; the bridge decides in the end.
    * `strict`: refuse floods; else the environment turns the bridge's own rates off.
    * `clock`: seconds since 1970, for dates and lifetimes; `pace`: how long the pauses between
      two tries of a webhook last, in real ones.
    * `server`: faults (`server.weather`), latency, log; while it is closed (`server.close()`,
      `server.open()`) connections are refused. `updates`: what waits, what was dropped. `acting`:
      privacy mode, opened addresses, copied texts. `postman`: the webhook. `api`: taps without an
      answer, the bot's commands and descriptions, `flood.penalties`.
    """

    def __init__(
        self,
        mode: str = "polling",
        *,
        strict: bool = False,
        clock: Callable[[], float] = time.time,
        pace: float = 1.0,
    ) -> None:
        self._mode = mode
        self._pace = pace
        self._clock = clock
        self._news: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self.world = World(lambda chat: self._news[chat.id].set())
        self.api = Api(self.world, _me(), clock)
        self.api.flood = Flood() if strict else None
        self.updates = Updates(clock)
        self.postman = Postman(self.updates, clock, self._rest)
        self.acting = Acting(self.world, self.api, self.updates, clock)
        self.server = Server(TOKEN, self.api, Receiving(self.updates, self.postman))

    async def start(self, bridge_url: str) -> Mapping[str, str]:
        """Listen on a free port; return the environment that points the adapter here."""
        await self.server.open()
        if self.postman.hook is not None:
            await self.postman.set(self.postman.hook)
        environ = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.server.url,
            "TELEGRAM_MODE": self._mode,
        }
        if self._mode == "webhook" and bridge_url:
            environ["PUBLIC_URL"] = bridge_url
        return environ if self.api.flood else environ | _NO_RATES

    async def stop(self) -> None:
        """End it; who waits for the bot waits no longer."""
        self.updates.close(Refused(502, "Bad Gateway"))
        await self.postman.close()
        await self.server.close()
        for update in self.updates.waiting.values():
            update.settled.set()

    @property
    def log(self) -> list[Request]:
        """Every request of the bridge, in order."""
        return self.server.log

    @property
    def faults(self) -> list[Failure]:
        """The failures to come."""
        return self.server.weather.faults

    def duplicates(self) -> Counter[str]:
        """Return which messages were sent more than once, and how often too often."""
        sent = [one for one in self.log if one.applied and one.method == "sendMessage"]
        names = Counter(json.dumps(one.body, sort_keys=True) for one in sent)
        return Counter({name: count - 1 for name, count in names.items() if count > 1})

    async def type(
        self,
        text: str,
        *,
        person: str = "ada",
        group: str = "",
        topic: int = 0,
        reply_to_bot: bool = False,
    ) -> None:
        """Send a text; a long one goes in several messages, as from the app."""
        place = self.place(person, group, topic)
        told = [
            self.acting.say(person, place, part, reply_to_bot=reply_to_bot) for part in parts(text)
        ]
        await _taken(*told)

    async def tap(
        self, choice: str, *, person: str = "ada", group: str = "", topic: int = 0
    ) -> None:
        """Tap a button or a key by its id or label; callback data also after it has gone.

        An address is opened (one that starts the bot: in the private chat); a copying button
        copies; a key that asks for the number shares it, another is typed.
        """
        await _taken(self.acting.tap(person, self.place(person, group, topic), choice))

    async def send(
        self,
        kind: str,
        *,
        person: str = "ada",
        group: str = "",
        topic: int = 0,
        reply_to_bot: bool = False,
        **members: object,
    ) -> None:
        """Send something that is no text (photo, voice, sticker, contact, location ...).

        `members` go into the message: caption, media_group_id, forward_origin, via_bot ...
        """
        what = content(kind) | members
        await self.post(what, person=person, group=group, topic=topic, reply_to_bot=reply_to_bot)

    async def post(
        self,
        what: Body,
        *,
        person: str = "ada",
        group: str = "",
        topic: int = 0,
        reply_to_bot: bool = False,
    ) -> None:
        """Send a message with any members."""
        place = self.place(person, group, topic)
        await _taken(self.acting.write(person, place, what, reply_to_bot=reply_to_bot))

    async def share_number(self, *, person: str = "ada") -> None:
        """Share the person's own number in the private chat."""
        await _taken(self.acting.share(person, self.place(person, "", 0)))

    async def edit(
        self, text: str, *, person: str = "ada", group: str = "", topic: int = 0
    ) -> None:
        """Change the person's latest message."""
        await _taken(self.acting.edit(person, self.place(person, group, topic), text))

    async def block(self, *, person: str = "ada") -> None:
        """Block the bot."""
        await _taken(self.acting.join(person, self.world.private(person), inside=False))

    async def unblock(self, *, person: str = "ada") -> None:
        """Unblock it."""
        await _taken(self.acting.join(person, self.world.private(person), inside=True))

    async def remove_bot(self, group: str, *, person: str = "ada") -> None:
        """Remove the bot from a group."""
        await _taken(self.acting.join(person, self.world.group(group), inside=False))

    async def add_bot(self, group: str, *, person: str = "ada", forum: bool = False) -> None:
        """Add the bot to a group, which may be new."""
        chat = self.world.group(group, forum=forum)
        await _taken(self.acting.join(person, chat, inside=True))

    async def migrate(self, group: str, *, person: str = "ada") -> None:
        """Make a supergroup of a group: it has another id from now on."""
        await _taken(*self.acting.migrate(person, group))

    def delete_topic(self, topic: int, *, person: str = "ada", group: str = "") -> None:
        """Delete a topic: nothing can be sent there any more."""
        self.place(person, group, topic).chat.topics.discard(topic)

    def delete_account(self, *, person: str = "ada") -> None:
        """Delete a person's account, of which a bot is not told."""
        self.world.private(person).standing = Standing.DELETED

    def place(self, person: str = "ada", group: str = "", topic: int = 0) -> Place:
        """Return where this is; a group that is not known yet has the bot in it."""
        self.world.person(person)
        chat = self.world.group(group, forum=bool(topic)) if group else self.world.private(person)
        return Place(chat=chat, topic=topic)

    def screen(self, *, person: str = "ada", group: str = "", topic: int = 0) -> Screen:
        """Return what the person sees."""
        return screens.screen(self.place(person, group).chat, person, topic)

    def typing(self, *, person: str = "ada", group: str = "") -> bool:
        """Return whether the bot is seen to be typing."""
        return self.place(person, group).chat.typing_until > self._clock()

    async def changed(
        self, after: int, *, person: str = "ada", group: str = "", topic: int = 0
    ) -> Screen:
        """Wait until the screen's version is over `after`."""
        return await self.until(
            lambda seen: seen.version > after, person=person, group=group, topic=topic
        )

    async def until(
        self,
        seen: Callable[[Screen], bool],
        *,
        person: str = "ada",
        group: str = "",
        topic: int = 0,
    ) -> Screen:
        """Wait until the screen is as wanted; the caller bounds the time."""
        while not seen(screen := self.screen(person=person, group=group, topic=topic)):
            news = self._news[self._chat(person, group).id]
            news.clear()
            await news.wait()
        return screen

    def _chat(self, person: str, group: str) -> Chat:
        return self.place(person, group).chat

    async def _rest(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self._pace)


async def _taken(*updates: Update | None) -> None:
    for update in updates:
        if update is not None:
            await update.settled.wait()


def _me() -> Body:
    """Return the bot, as getMe tells it."""
    return {
        "id": BOT,
        "is_bot": True,
        "first_name": "Threadform",
        "username": USERNAME,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": True,
    }
