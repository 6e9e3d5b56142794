"""`threadform telegram webhook set|delete|info`: the webhook, without starting the bridge.

`threadform run` does by itself what TELEGRAM_MODE asks for; this is for looking, and for moving a
bot by hand. Light: `threadform --help` lists these commands and must not wait for the library, so
what they do is imported when they are called.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click
from dotenv import dotenv_values
from pydantic import ValidationError

from adapters.telegram.settings import TelegramSettings
from bridge.protocol.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Mapping


@click.group()
def telegram() -> None:
    """Look after the bot at Telegram."""


@telegram.group()
def webhook() -> None:
    """Set, delete or show the webhook. Waiting updates are kept."""


@webhook.command("set")
def set_() -> None:
    """Have Telegram send updates to PUBLIC_URL."""
    from adapters.telegram.network import outside  # noqa: PLC0415 - loads the library

    environ = _environ()
    settings = _settings(environ)
    try:
        url = outside.put_webhook(settings, environ.get("PUBLIC_URL", ""))
    except (Misconfigured, outside.Unanswered) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Telegram sends updates to {url}")


@webhook.command()
def delete() -> None:
    """Have updates wait until they are asked for."""
    from adapters.telegram.network import outside  # noqa: PLC0415 - loads the library

    try:
        outside.drop_webhook(_settings(_environ()))
    except outside.Unanswered as error:
        raise click.ClickException(str(error)) from None
    click.echo("No webhook is set; updates wait to be polled.")


@webhook.command()
def info() -> None:
    """Show where updates go, how many wait, and what went wrong last."""
    from adapters.telegram.network import outside  # noqa: PLC0415 - loads the library

    try:
        lines = outside.show_webhook(_settings(_environ()))
    except outside.Unanswered as error:
        raise click.ClickException(str(error)) from None
    for line in lines:
        click.echo(line)


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
