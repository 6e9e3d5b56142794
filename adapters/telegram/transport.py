"""Requests to the Bot API: the adapter's only way out.

Knows: the library's `Bot`, and how a stored call becomes one of its methods. Must not know: what a
call looks like, or when it is made. Everything is made once, and every failure of a stored call
becomes an outcome (`failures`).

Two pools: a long poll holds its connection for half a minute, and no message may wait for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from telegram import Bot, LinkPreviewOptions
from telegram.constants import ChatAction
from telegram.error import ChatMigrated, InvalidToken, NetworkError
from telegram.helpers import create_deep_linked_url

from adapters.telegram.addresses import address_of, moved, user_of
from adapters.telegram.limits import ALLOWED_UPDATES, BATCH_LIMIT
from adapters.telegram.network.failures import Floods, kind_of, new_chat, outcome_of
from adapters.telegram.network.request import AiohttpRequest, Throttled
from adapters.telegram.tickets import write_ticket
from bridge.protocol.calls import Delivered, Refusal, Rejected, RetryLater
from bridge.protocol.errors import NotKept

if TYPE_CHECKING:
    from collections.abc import Callable

    from adapters.telegram.settings import TelegramSettings
    from bridge.protocol.calls import Call, FleetingCall, Outcome, Target
    from bridge.protocol.host import Host
    from bridge.protocol.threads import JsonObject

T = TypeVar("T")

CONNECTIONS = 100
"""Requests under way at the same time; over it they wait, and certainly were not sent."""
POLL_MARGIN = 10.0
"""Seconds that a long poll may take longer than it asked for."""
NAME_PAUSE = 2.0
"""Seconds after which a link to us is tried again while our name isn't known yet."""
TOKEN_REFUSED = "Telegram refuses the bot's token: copy it again from @BotFather."  # noqa: S105

_log = logging.getLogger(__name__)


class RawBot(Bot):
    """A bot that also returns updates as they came.

    The library's `get_updates` reads a batch as a whole, and drops it where it can't read one of
    its updates; `do_api_request` refuses methods that the library has.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """Return no token, unlike the library's."""
        return "RawBot()"

    async def updates(self, offset: int, seconds: int) -> list[JsonObject]:
        """Return what has come from `offset` on, after at most so many seconds."""
        batch: object = await self._post(
            "getUpdates",
            {
                "offset": offset,
                "timeout": seconds,
                "limit": BATCH_LIMIT,
                "allowed_updates": ALLOWED_UPDATES,
            },
            read_timeout=seconds + POLL_MARGIN,
        )
        if not isinstance(batch, list):
            raise NetworkError("the answer can't be read")
        members = cast("list[object]", batch)
        return [cast("JsonObject", update) for update in members if isinstance(update, dict)]


class _Unmade(Exception):
    """The call was not made; `outcome` says why."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


class Client:
    """One bot. Its pools open with the first request, and again after they were closed."""

    def __init__(self, settings: TelegramSettings, host: Host) -> None:
        # At DEBUG the library writes whole messages and addresses, which hold the token.
        logging.getLogger("telegram").setLevel(logging.WARNING)
        self._settings = settings
        self._host = host
        self._sending = AiohttpRequest(CONNECTIONS)
        self._polling = AiohttpRequest(1)
        self.bot = RawBot(
            settings.token.get_secret_value(),
            base_url=settings.base_url,
            request=self._sending,
            get_updates_request=self._polling,
        )
        self._no_preview = LinkPreviewOptions(is_disabled=True)
        self.username = ""
        self._named = asyncio.Event()
        self._floods = Floods()
        self._refused = False

    async def open(self) -> None:
        """Open the pools."""
        await self._sending.initialize()
        await self._polling.initialize()

    async def close(self) -> None:
        """Close the pools."""
        await self._sending.shutdown()
        await self._polling.shutdown()

    async def identify(self) -> tuple[int, str]:
        """Ask who we are; return our number and our user name. Raises the library's errors."""
        user = await self.bot.get_me()
        self.username = user.username or ""
        self._named.set()
        return user.id, self.username

    async def named(self, seconds: float) -> bool:
        """Wait until our user name is known, so long at most; say whether it is."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._named.wait()
        return self._named.is_set()

    async def make(self, call: Call, target: Target) -> Outcome:
        """Make the call once; whatever happens is an outcome."""
        try:
            receipt = await self._made(call, target)
        except _Unmade as reason:
            return reason.outcome
        except Exception as error:  # noqa: BLE001 - what is unknown counts as uncertain
            return await self._failed(error, call, target)
        if self._refused:
            self._refused = False
            self._host.trouble("")
        return Delivered(receipt=receipt)

    async def flash(self, call: FleetingCall, target: Target) -> None:
        """Make a call that is worth nothing once it failed."""
        try:
            await self._flashed(call, target)
        except Exception as error:  # noqa: BLE001 - whatever it was, the next one may work
            _log.debug("fleeting call failed: %s, %s", call.method, kind_of(error))

    async def _made(self, call: Call, target: Target) -> str:
        """Make it; return the number of the message that shows it."""
        where = _read(lambda: address_of(target.thread))
        match call.method:
            case "send":
                topic = where.topic if call.body.get("topic", True) else None
                return await self._say(where.chat, call.body, topic)
            case "edit":
                return await self._change(where.chat, call.body, target)
            case "private":
                return await self._say(_owner(target), call.body, None)
            case "invite":
                body = _led_to(call.body, self._way_in(target))
                return await self._say(where.chat, body, where.topic)
            case _:
                raise _Unmade(_bad("unknown method"))

    async def _say(self, chat: int, body: JsonObject, topic: int | None) -> str:
        message = await self.bot.send_message(
            chat,
            _text(body),
            message_thread_id=topic,
            link_preview_options=self._no_preview,
            api_kwargs=_stored(body),
        )
        return str(_whole(message.message_id))

    async def _change(self, chat: int, body: JsonObject, target: Target) -> str:
        number = _read(lambda: int(target.edits or ""))
        await self.bot.edit_message_text(
            _text(body),
            chat_id=chat,
            message_id=number,
            link_preview_options=self._no_preview,
            api_kwargs=_stored(body),
        )
        return str(number)

    async def _flashed(self, call: FleetingCall, target: Target) -> None:
        match call.method:
            case "answer":
                body = cast("dict[str, Any]", call.body)
                await self.bot.answer_callback_query(
                    body["id"], text=body["text"] or None, show_alert=body["alert"] or None
                )
            case "typing":
                where = address_of(target.thread)
                await self.bot.send_chat_action(
                    where.chat, ChatAction.TYPING, message_thread_id=where.topic
                )
            case _:
                raise ValueError("There is no such fleeting call.")

    async def _failed(self, error: Exception, call: Call, target: Target) -> Outcome:
        outcome = outcome_of(error, call, target)
        match error:
            case InvalidToken():
                self._refused = True
                self._host.trouble(TOKEN_REFUSED)
            case Throttled() if isinstance(outcome, RetryLater) and self._flooded(target):
                return replace(outcome, bucket="all")
            case ChatMigrated():
                await self._follow(target, new_chat(error))
            case _:
                pass
        return outcome

    def _flooded(self, target: Target) -> bool:
        chat = address_of(target.thread).chat
        return self._floods.everywhere(chat, self._host.clock.monotonic())

    async def _follow(self, target: Target, chat: int | None) -> None:
        """Tell the core where the group is now; if it can't keep that, the next try tells again."""
        if chat is None:
            return
        old = address_of(target.thread)
        with contextlib.suppress(NotKept):
            await self._host.accept((moved(old.bot, old.chat, chat, self._host.clock.now()),))

    def _way_in(self, target: Target) -> str:
        """Return the address that opens a private chat with us about this thread's order."""
        if not self.username:
            raise _Unmade(RetryLater(after=NAME_PAUSE, reason="own name not known"))
        ticket = write_ticket(address_of(target.thread), self._settings.ticket_key)
        return _read(lambda: create_deep_linked_url(self.username, ticket))


def _read(read: Callable[[], T]) -> T:
    """Return what a key or a receipt names; a call that names nothing was never made."""
    try:
        return read()
    except ValueError:
        raise _Unmade(_bad("unreadable target")) from None


def _text(body: JsonObject) -> str:
    text = body.get("text")
    if not isinstance(text, str):
        raise _Unmade(_bad("unreadable call"))
    return text


def _stored(body: JsonObject) -> dict[str, Any]:
    """Return what was stored as the library's `to_dict`, as it goes out: nothing is built anew."""
    named = (("entities", body.get("entities")), ("reply_markup", body.get("markup")))
    return {name: value for name, value in named if value}


def _whole(number: object) -> int:
    """Return a message's number; the library believes what an answer says."""
    if not isinstance(number, int):
        raise NetworkError("the answer can't be read")
    return number


def _owner(target: Target) -> int:
    """Return the private chat of the thread's owner."""
    owner = target.owner
    if owner is None:
        raise _Unmade(_bad("nobody to write to"))
    return _read(lambda: user_of(owner))


def _led_to(body: JsonObject, url: str) -> JsonObject:
    """Return the body with the address in its button, which could not be stored with the call."""
    markup = {"inline_keyboard": [[{"text": body.get("label"), "url": url}]]}
    return {**body, "markup": markup}


def _bad(reason: str) -> Rejected:
    return Rejected(refusal=Refusal.CALL_BAD, reason=reason)
