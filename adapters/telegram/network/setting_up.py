"""Makes Telegram fit the settings: how updates come, and what the bot says of itself.

Laws: waiting updates are never dropped; Telegram being down stops nothing of ours, so each step is
tried until it works; what an operator has written for the bot is never overwritten, but for the
list of commands, which must be what we understand.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from telegram import BotCommand
from telegram.error import BadRequest, InvalidToken

from adapters.telegram.limits import (
    ALLOWED_UPDATES,
    COMMAND_LIMIT,
    DESCRIPTION_LIMIT,
    SHORT_DESCRIPTION_LIMIT,
    SPELLINGS,
    WEBHOOK_CONNECTIONS,
)
from adapters.telegram.network.failures import TOKEN_PAUSE, kind_of
from adapters.telegram.network.polling import pause_after, trouble_of
from adapters.telegram.network.webhook import PATH
from adapters.telegram.outgoing.texts import one_line, readable, shortened
from bridge.protocol.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Bot

    from adapters.telegram.settings import TelegramSettings
    from adapters.telegram.transport import Client
    from bridge.protocol.host import Host
    from bridge.protocol.labels import Labels

NO_ADDRESS = (
    "set it to the https address under which Telegram reaches this bridge, or take polling:"
    " TELEGRAM_MODE=polling needs no address"
)
REFUSED_TOKEN = "Telegram refuses it: copy it again from @BotFather"  # noqa: S105
REFUSED_ADDRESS = (
    "Telegram refuses PUBLIC_URL as the address of a webhook: it must be https, on port 443, 80, 88"
    " or 8443, and be found by everybody."
)

_log = logging.getLogger(__name__)


def webhook_url(public_url: str) -> str:
    """Return where Telegram is to send updates. Raises `Misconfigured` without an address."""
    if not public_url:
        raise Misconfigured("PUBLIC_URL", NO_ADDRESS)
    return f"{public_url.rstrip('/')}/telegram{PATH}"


async def set_up(client: Client, settings: TelegramSettings, host: Host) -> None:
    """Learn who we are, and have updates come as the settings say.

    Returns when that is so. Raises `Misconfigured` where Telegram refuses the token.
    """
    await _until_done(host, lambda: _identify(client))
    match settings.mode:
        case "polling":
            await _until_done(host, lambda: _poll_instead(client.bot))
        case "webhook":
            url = webhook_url(host.public_url)
            await _until_done(host, lambda: set_webhook(client.bot, url, settings.secret))
    host.trouble("")


async def set_webhook(bot: Bot, url: str, secret: str) -> None:
    """Have updates sent to us. It is always set anew: Telegram does not tell a webhook's secret."""
    await bot.set_webhook(
        url,
        secret_token=secret,
        allowed_updates=ALLOWED_UPDATES,
        max_connections=WEBHOOK_CONNECTIONS,
        drop_pending_updates=False,
    )


async def delete_webhook(bot: Bot) -> None:
    """Have updates wait to be asked for."""
    await bot.delete_webhook(drop_pending_updates=False)


async def register(bot: Bot, labels: Labels) -> None:
    """Tell what the bot is for and which commands it knows; works well enough without."""
    try:
        await _register_commands(bot, labels)
        await _describe(bot, labels)
    except InvalidToken:  # a 404 too, and the token has just been taken
        _log.warning("commands or descriptions not registered: this server has no such method")
    except Exception as error:  # noqa: BLE001 - a server may answer anything
        _log.warning("commands or descriptions not registered: %s", kind_of(error))


async def _identify(client: Client) -> None:
    try:
        await client.identify()
    except InvalidToken:
        raise Misconfigured("TELEGRAM_BOT_TOKEN", REFUSED_TOKEN) from None


async def _poll_instead(bot: Bot) -> None:
    """Take the webhook away. A server that doesn't know the method (404) has no webhook either."""
    try:
        await delete_webhook(bot)
    except InvalidToken:
        _log.warning("webhook not deleted")


async def _register_commands(bot: Bot, labels: Labels) -> None:
    wanted = tuple(
        BotCommand(SPELLINGS[name].removeprefix("/"), shown)
        for name, what in labels.commands.items()
        if name in SPELLINGS and readable(shown := shortened(one_line(what), COMMAND_LIMIT))
    )
    if await bot.get_my_commands() != wanted:
        await bot.set_my_commands(wanted)


async def _describe(bot: Bot, labels: Labels) -> None:
    about = one_line(labels.about)
    if not (await bot.get_my_short_description()).short_description:
        await bot.set_my_short_description(shortened(about, SHORT_DESCRIPTION_LIMIT))
    if not (await bot.get_my_description()).description:
        await bot.set_my_description(shortened(about, DESCRIPTION_LIMIT))


async def _until_done(host: Host, step: Callable[[], Awaitable[None]]) -> None:
    """Return when the step is done, tried as often as it takes. Raises `Misconfigured`."""
    failures = 0
    while True:
        try:
            return await step()
        except Misconfigured:
            raise
        except BadRequest:
            # Its host may not be known everywhere yet, so it is tried again.
            host.trouble(REFUSED_ADDRESS)
            await host.clock.sleep(TOKEN_PAUSE)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next try may work
            failures += 1
            host.trouble(trouble_of(error))
            await host.clock.sleep(pause_after(error, failures))
