"""What `threadform doctor` says of Telegram. Changes nothing there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.telegram.network.outside import advice_on, bot_of
from bridge.protocol.adapter import Check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telegram import Bot, User

    from adapters.telegram.settings import TelegramSettings

NAME = "telegram"
_PRIVACY = (
    "in groups it hears commands, replies and, as an administrator, mentions; to have it hear"
    " mentions everywhere, tell @BotFather /setprivacy and add it to the group again"
)


async def check(settings: TelegramSettings) -> Sequence[Check]:
    """Ask Telegram who the bot is and how its updates come."""
    async with bot_of(settings) as bot:
        try:
            return (_known(await bot.get_me()), await _way_in(bot, settings))
        except Exception as error:  # noqa: BLE001 - a server may answer anything
            advice = advice_on(error)
            return (Check(name=NAME, ok=False, detail="no answer", advice=advice),)


def _known(user: User) -> Check:
    advice = "" if user.can_read_all_group_messages else _PRIVACY
    return Check(name=NAME, ok=True, detail=f"@{user.username} answers", advice=advice)


async def _way_in(bot: Bot, settings: TelegramSettings) -> Check:
    """Compare where updates go now with what the next start will make of it."""
    info = await bot.get_webhook_info()
    waiting = f"{info.pending_update_count} updates waiting"
    match settings.mode, bool(info.url):
        case "polling", True:
            detail = f"a webhook is set, {waiting}"
            advice = "the next `threadform run` removes it, since TELEGRAM_MODE is polling"
        case "webhook", False:
            detail = f"no webhook is set, {waiting}"
            advice = "the next `threadform run` sets it; needs PUBLIC_URL"
        case _ if info.last_error_date is not None:
            detail = f"{settings.mode}, {waiting}, the last delivery failed"
            advice = "see `threadform telegram webhook info`"
        case _:
            detail, advice = f"{settings.mode}, {waiting}", ""
    return Check(name=NAME, ok=True, detail=detail, advice=advice)
