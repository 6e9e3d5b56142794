"""What `bench telegram` compares the bridge with, and what Telegram posts to a webhook."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from typing import TYPE_CHECKING

from telegram import Bot, LinkPreviewOptions, Update

from adapters.telegram.limits import POLL_SECONDS
from adapters.telegram.network.request import AiohttpRequest
from adapters.telegram.network.webhook import PATH
from adapters.telegram.settings import TelegramSettings
from adapters.telegram.transport import CONNECTIONS, RawBot
from adapters.telegram.verify import HEADER
from bridge.protocol.adapter import Bench
from bridge.protocol.web import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.protocol.adapter import Ask, Post
    from bridge.protocol.threads import JsonObject

FIRST_PERSON = 1001
"""The stand-in's number for whoever comes first; the next one is one more."""

_FIRST_UPDATE = 1_000_000_000
"""Far beyond what the stand-in gives to its own."""


def bench() -> Bench:
    """Return it."""
    return Bench(bare=bare, webhook={"TELEGRAM_MODE": "webhook"}, posts=posts)


async def bare(environ: Mapping[str, str], ask: Ask) -> None:
    """Poll, read each update, and answer it in a task of its own, until cancelled."""
    bot = _bot(TelegramSettings.model_validate(environ))
    async with bot, asyncio.TaskGroup() as tasks:
        offset = 0
        while True:
            batch = await bot.updates(offset, POLL_SECONDS)
            for raw in batch:
                update = Update.de_json(dict(raw), None)
                offset = update.update_id + 1
                tasks.create_task(_answer(bot, update, ask))


async def _answer(bot: Bot, update: Update, ask: Ask) -> None:
    message = update.message
    if message is None or message.text is None:
        return
    await bot.send_message(
        message.chat_id,
        await ask(message.text),
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )


def _bot(settings: TelegramSettings) -> RawBot:
    return RawBot(
        settings.token.get_secret_value(),
        base_url=settings.base_url,
        request=AiohttpRequest(CONNECTIONS),
        get_updates_request=AiohttpRequest(1),
    )


def posts(environ: Mapping[str, str]) -> Post:
    """Return what Telegram posts when a person writes to the bot."""
    headers = {
        HEADER: TelegramSettings.model_validate(environ).secret,
        "content-type": "application/json",
    }
    numbers = itertools.count(_FIRST_UPDATE)

    def post(person: int, text: str) -> Request:
        update = _update(next(numbers), FIRST_PERSON + person, text)
        body = json.dumps(update).encode()
        return Request(method="POST", path=f"/telegram{PATH}", headers=headers, body=body)

    return post


def _update(number: int, person: int, text: str) -> JsonObject:
    sender: JsonObject = {
        "id": person,
        "is_bot": False,
        "first_name": "Ada",
        "username": f"ada_{person}",
        "language_code": "en",
    }
    chat: JsonObject = {
        "id": person,
        "type": "private",
        "first_name": "Ada",
        "username": f"ada_{person}",
    }
    message: JsonObject = {
        "message_id": number,
        "from": sender,
        "chat": chat,
        "date": int(time.time()),
        "text": text,
    }
    return {"update_id": number, "message": message}
