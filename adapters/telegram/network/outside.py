"""One bot outside of a running bridge: for commands and for the doctor."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from telegram.error import BadRequest, InvalidToken, TelegramError

from adapters.telegram.network.failures import kind_of
from adapters.telegram.network.polling import UNREACHABLE
from adapters.telegram.network.request import AiohttpRequest
from adapters.telegram.network.setting_up import (
    REFUSED_ADDRESS,
    delete_webhook,
    set_webhook,
    webhook_url,
)
from adapters.telegram.transport import TOKEN_REFUSED, RawBot

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from telegram import Bot, WebhookInfo

    from adapters.telegram.settings import TelegramSettings


_Told = TypeVar("_Told")


class Unanswered(Exception):
    """Telegram did not do it; the text says what to do, and holds no foreign text."""


def put_webhook(settings: TelegramSettings, public_url: str) -> str:
    """Have updates sent; return where to. Raises `Misconfigured`, `Unanswered`."""
    url = webhook_url(public_url)
    _ask(settings, lambda bot: set_webhook(bot, url, settings.secret))
    return url


def drop_webhook(settings: TelegramSettings) -> None:
    """Have updates wait to be asked for. Raises `Unanswered`."""
    _ask(settings, delete_webhook)


def show_webhook(settings: TelegramSettings) -> list[str]:
    """Return what Telegram says of the webhook, in lines. Raises `Unanswered`."""
    return _told(_ask(settings, lambda bot: bot.get_webhook_info()))


def _told(found: WebhookInfo) -> list[str]:
    lines = [f"address   {found.url or 'none: updates wait to be polled'}"]
    lines.append(f"waiting   {found.pending_update_count}")
    if found.max_connections is not None:
        lines.append(f"at once   {found.max_connections}")
    if found.last_error_date is not None:
        when = f"{found.last_error_date:%Y-%m-%d %H:%M:%S} UTC"
        lines.append(f"failed    {when}: {found.last_error_message or 'no reason given'}")
    return lines


def _ask(settings: TelegramSettings, act: Callable[[Bot], Awaitable[_Told]]) -> _Told:
    """Do it once."""

    async def once() -> _Told:
        async with bot_of(settings) as bot:
            return await act(bot)

    try:
        return asyncio.run(once())
    except TelegramError as error:
        raise Unanswered(advice_on(error)) from None


@asynccontextmanager
async def bot_of(settings: TelegramSettings) -> AsyncGenerator[Bot]:
    """Enter with the bot of these settings; its connections are closed on leaving."""
    logging.getLogger("telegram").setLevel(logging.WARNING)  # DEBUG shows the token
    request = AiohttpRequest(1)
    bot = RawBot(
        settings.token.get_secret_value(),
        base_url=settings.base_url,
        request=request,
        get_updates_request=request,
    )
    try:
        yield bot
    finally:
        await request.shutdown()


def advice_on(error: Exception) -> str:
    """Return what to do about a failed request; no foreign text in it."""
    match error:
        case InvalidToken():
            return TOKEN_REFUSED
        case BadRequest():
            return REFUSED_ADDRESS
        case _:
            return UNREACHABLE.format(kind=kind_of(error))
