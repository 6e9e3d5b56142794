"""The Telegram adapter: puts its parts together."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from telegram.helpers import create_deep_linked_url

from adapters.telegram import render as drawing
from adapters.telegram import verify as proof
from adapters.telegram.addresses import address_of, place_of
from adapters.telegram.identity import Me
from adapters.telegram.limits import TOAST_LIMIT, WEBHOOK_BYTES, capabilities
from adapters.telegram.network.polling import poll
from adapters.telegram.network.setting_up import register, set_up, webhook_url
from adapters.telegram.network.webhook import PATH, Receiver
from adapters.telegram.outgoing.texts import one_line, shortened
from adapters.telegram.parse import parse
from adapters.telegram.transport import Client
from bridge.protocol.calls import FleetingCall
from bridge.protocol.errors import AdapterError
from bridge.protocol.web import Route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from adapters.telegram.settings import TelegramSettings
    from bridge.protocol.calls import Call, Outcome, Target
    from bridge.protocol.events import AnyEvent
    from bridge.protocol.host import Host
    from bridge.protocol.prompts import Answered, Prompt
    from bridge.protocol.replies import Reply
    from bridge.protocol.threads import JsonObject, ThreadKey
    from bridge.protocol.web import Request

_ALERT_OVER = 100
"""Characters: a longer notice waits to be dismissed, since a toast is gone before it is read."""
_TAP_SECONDS = 10.0
"""A tap can be answered for some seconds only; how many is undocumented."""
_TYPING_SECONDS = 4.0
"""Telegram shows it for 5 s (API, sendChatAction); the next one follows after 4."""


class TelegramAdapter:
    """Receives by polling or by webhook, delivers through the library's bot."""

    def __init__(self, settings: TelegramSettings, host: Host) -> None:
        self.capabilities = capabilities(settings)
        self._settings = settings
        self._host = host
        self._client = Client(settings, host)
        self._labels = host.labels
        self._me = Me(
            bot=settings.bot,
            slugs=frozenset(form.slug for form in host.forms()),
            secret=settings.ticket_key,
        )
        self._receiver = Receiver(self._client, host, self.parse)

    def parse(self, raw: JsonObject) -> tuple[AnyEvent, ...]:
        """Return what happened; nothing where it is not for us."""
        return parse(raw, self._known())

    def render(self, replies: Sequence[Reply], thread: ThreadKey) -> tuple[Call, ...]:
        """Return the calls that show these replies."""
        return drawing.render(replies, thread, self._labels)

    def redraw(self, prompt: Prompt, thread: ThreadKey) -> Call | None:
        """Return the edit that shows the prompt's present view."""
        return drawing.redraw(prompt, thread, self._labels)

    def close(self, answered: Answered, thread: ThreadKey) -> Call | None:
        """Return the edit that shows what was chosen in the place of the keyboard."""
        return drawing.close(answered, thread, self._labels)

    async def deliver(self, call: Call, target: Target) -> Outcome:
        """Make the call once."""
        return await self._client.make(call, target)

    def answer_tap(self, event: AnyEvent, notice: str) -> FleetingCall | None:
        """Return the call that ends the button's waiting, with a toast or an alert."""
        if event.tap is None:
            return None
        text = shortened(one_line(notice), TOAST_LIMIT)
        return FleetingCall(
            method="answer",
            body={"id": event.tap, "text": text, "alert": len(text) > _ALERT_OVER},
            deadline=_TAP_SECONDS,
        )

    def typing(self, thread: ThreadKey) -> FleetingCall | None:
        """Return the call that shows that we are typing."""
        shared = address_of(thread).shared
        # Of a private chat's own few tokens none is spent on it: the answer may need them all.
        buckets = ("all", "group") if shared else ("all",)
        return FleetingCall(method="typing", body={}, deadline=_TYPING_SECONDS, buckets=buckets)

    async def deliver_fleeting(self, call: FleetingCall, target: Target) -> None:
        """Make the call within its deadline; nobody asks what became of it."""
        try:
            async with asyncio.timeout(call.deadline):
                await self._client.flash(call, target)
        except TimeoutError:
            return

    def place(self, thread: ThreadKey) -> str:
        """Return the chat: its topics share its rate."""
        return place_of(thread)

    def link(self, token: str) -> str:
        """Return the address that opens a private chat with this token.

        Raises ValueError for a token that is no 1 to 64 of A-Z, a-z, 0-9, _ and -.
        """
        if not self._client.username:
            raise AdapterError("Telegram has not told the bot's name yet: try again in a moment.")
        return create_deep_linked_url(self._client.username, token)

    def routes(self) -> tuple[Route, ...]:
        """Return the webhook, where updates come by it."""
        match self._settings.mode:
            case "polling":
                return ()
            case "webhook":
                answer = self._receiver.answer
                return (Route(method="POST", path=PATH, answer=answer, body_limit=WEBHOOK_BYTES),)

    def verify(self, request: Request) -> None:
        """Raise `Refused` unless Telegram sent the request."""
        proof.verify(request, self._settings.secret)

    async def start(self) -> None:
        """Open the pools. Raises `Misconfigured`; Telegram is not waited for."""
        if self._settings.mode == "webhook":
            webhook_url(self._host.public_url)
        await self._client.open()

    async def listen(self) -> None:
        """Set Telegram up, as soon as it can be reached; then, by polling, accept updates."""
        await set_up(self._client, self._settings, self._host)
        registering = asyncio.create_task(
            register(self._client.bot, self._labels), name="telegram-register"
        )
        try:
            if self._settings.mode == "polling":
                await poll(self._client, self._host, self.parse)
            await registering
        finally:
            registering.cancel()

    async def stop(self) -> None:
        """Close the pools."""
        await self._client.close()

    def _known(self) -> Me:
        """Return who we are, with the name as soon as Telegram has told it."""
        if self._me.username != self._client.username:
            self._me = replace(self._me, username=self._client.username)
        return self._me
