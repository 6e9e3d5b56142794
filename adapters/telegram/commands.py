"""`threadform telegram webhook set|delete|info`: the webhook, without starting the bridge.

`threadform run` does by itself what TELEGRAM_MODE asks for; this is for looking, and for moving a
bot by hand.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import click
from dotenv import dotenv_values
from pydantic import ValidationError
from telegram.error import TelegramError

from adapters.telegram.outside import advice_on, bot_of
from adapters.telegram.setting_up import delete_webhook, set_webhook, webhook_url
from adapters.telegram.settings import TelegramSettings
from bridge.protocol.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from telegram import Bot, WebhookInfo


@click.group()
def telegram() -> None:
    """Look after the bot at Telegram."""


@telegram.group()
def webhook() -> None:
    """Set, delete or show the webhook. Waiting updates are kept."""


@webhook.command("set")
def set_() -> None:
    """Have Telegram send updates to PUBLIC_URL."""
    environ = _environ()
    settings = _settings(environ)
    try:
        url = webhook_url(environ.get("PUBLIC_URL", ""))
    except Misconfigured as error:
        raise click.ClickException(str(error)) from None
    _ask(settings, lambda bot: set_webhook(bot, url, settings.secret))
    click.echo(f"Telegram sends updates to {url}")


@webhook.command()
def delete() -> None:
    """Have updates wait until they are asked for."""
    _ask(_settings(_environ()), delete_webhook)
    click.echo("No webhook is set; updates wait to be polled.")


@webhook.command()
def info() -> None:
    """Show where updates go, how many wait, and what went wrong last."""
    _ask(_settings(_environ()), _show)


async def _show(bot: Bot) -> None:
    for line in _told(await bot.get_webhook_info()):
        click.echo(line)


def _told(found: WebhookInfo) -> list[str]:
    lines = [f"address   {found.url or 'none: updates wait to be polled'}"]
    lines.append(f"waiting   {found.pending_update_count}")
    if found.max_connections is not None:
        lines.append(f"at once   {found.max_connections}")
    if found.last_error_date is not None:
        when = f"{found.last_error_date:%Y-%m-%d %H:%M:%S} UTC"
        lines.append(f"failed    {when}: {found.last_error_message or 'no reason given'}")
    return lines


def _ask(settings: TelegramSettings, act: Callable[[Bot], Awaitable[None]]) -> None:
    """Do it once; what fails is told in a sentence."""

    async def once() -> None:
        async with bot_of(settings) as bot:
            await act(bot)

    try:
        asyncio.run(once())
    except TelegramError as error:
        raise click.ClickException(advice_on(error)) from None


def _environ() -> Mapping[str, str]:
    """Return the environment over `.env`, as `threadform run` reads them."""
    written = {
        name: value or "" for name, value in dotenv_values(".env", interpolate=False).items()
    }
    return {name: value.strip() for name, value in {**written, **os.environ}.items()}


def _settings(environ: Mapping[str, str]) -> TelegramSettings:
    given = {name: value for name, value in environ.items() if value}
    try:
        return TelegramSettings.model_validate(given)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        wrong = ", ".join(str(part) for fault in faults for part in fault["loc"])
        raise click.ClickException(
            f"Missing or wrong: {wrong}. `threadform doctor` says more."
        ) from None
