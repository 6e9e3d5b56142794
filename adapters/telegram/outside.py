"""One bot outside of a running bridge: for commands and for the doctor."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from telegram import Bot
from telegram.error import BadRequest, InvalidToken

from adapters.telegram.failures import kind_of
from adapters.telegram.request import AiohttpRequest
from adapters.telegram.setting_up import REFUSED_ADDRESS
from adapters.telegram.transport import TOKEN_REFUSED

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from adapters.telegram.settings import TelegramSettings


@asynccontextmanager
async def bot_of(settings: TelegramSettings) -> AsyncGenerator[Bot]:
    """Enter with the bot of these settings; its connections are closed on leaving."""
    logging.getLogger("telegram").setLevel(logging.WARNING)  # DEBUG shows the token
    request = AiohttpRequest(1)
    bot = Bot(
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
            return (
                f"Telegram can't be reached ({kind_of(error)}): look at the network, and at"
                " TELEGRAM_API_URL."
            )
